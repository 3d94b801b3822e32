import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { changedFileSchema } from './changed-file.schema.js';
import { items } from './paging.js';
import type { PullRequest } from './pull-requests.js';
import { listedPullRequestSchema } from './pull-requests.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';

const signatureSchema = z.looseObject({ name: z.string(), email: z.string(), date: z.string() });

const treeAndParents = {
  tree: z.looseObject({ sha: z.string() }),
  parents: z.array(z.looseObject({ sha: z.string() })),
};

const commitObjectSchema = z.looseObject({
  sha: z.string(),
  message: z.string(),
  author: signatureSchema,
  committer: signatureSchema,
  ...treeAndParents,
});

/** A commit as git has it. */
export type CommitObject = z.output<typeof commitObjectSchema>;

export const commitSchema = z.looseObject({
  sha: z.string(),
  html_url: z.string(),
  commit: z.looseObject({
    message: z.string(),
    author: signatureSchema.partial().nullable(),
    committer: signatureSchema.partial().nullable(),
    tree: treeAndParents.tree,
  }),
  /** Who that is on the server; null or empty where it is nobody there. */
  author: z.looseObject({ id: z.number().optional(), login: z.string().optional() }).nullable(),
  parents: treeAndParents.parents,
});

/** A commit as the server shows it. */
export type Commit = z.output<typeof commitSchema>;

const comparisonSchema = z.looseObject({
  status: z.enum(['diverged', 'ahead', 'behind', 'identical']),
  ahead_by: z.number(),
  behind_by: z.number(),
  total_commits: z.number(),
  merge_base_commit: z.looseObject({ sha: z.string() }),
  commits: z.array(commitSchema),
  files: z.array(changedFileSchema).optional(),
});

/** How two commits stand to each other. */
export type Comparison = z.output<typeof comparisonSchema>;

/** A commit to make. Without `author` it is the app's. */
export interface NewCommit extends RepositoryName {
  message: string;
  tree: string;
  parents: readonly string[];
  author?: { name: string; email: string; date?: string } | undefined;
}

/** [Get a commit object](https://docs.github.com/enterprise-server@latest/rest/git/commits#get-a-commit-object). */
export async function getCommitObject(
  client: GhesClient,
  { owner, repo, sha }: RepositoryName & { sha: string },
): Promise<CommitObject> {
  return (await client.request(routes.getCommitObject, { owner, repo, commit_sha: sha }, commitObjectSchema)).data;
}

/** [Create a commit](https://docs.github.com/enterprise-server@latest/rest/git/commits#create-a-commit); no ref moves by it. */
export async function createCommit(
  client: GhesClient,
  { owner, repo, message, tree, parents, author }: NewCommit,
): Promise<CommitObject> {
  const parameters = { owner, repo, message, tree, parents, author };
  return (await client.request(routes.createCommit, parameters, commitObjectSchema)).data;
}

/** [Get a commit](https://docs.github.com/enterprise-server@latest/rest/commits/commits#get-a-commit) by its id or by the name of a ref that leads to it. */
export async function getCommit(
  client: GhesClient,
  { owner, repo, ref }: RepositoryName & { ref: string },
): Promise<Commit> {
  return (await client.request(routes.getCommit, { owner, repo, ref }, commitSchema)).data;
}

/**
 * [Compare two commits](https://docs.github.com/enterprise-server@latest/rest/commits/commits#compare-two-commits), from their merge base to `head`. At most 300 files: where there are
 * that many there may be more.
 *
 * @param options - `base` and `head`: ids or names of refs, `owner:branch` of another repository of the network
 */
export async function compareCommits(
  client: GhesClient,
  { owner, repo, base, head }: RepositoryName & { base: string; head: string },
): Promise<Comparison> {
  const parameters = { owner, repo, basehead: `${base}...${head}` };
  return (await client.request(routes.compareCommits, parameters, comparisonSchema)).data;
}

/** [List pull requests associated with a commit](https://docs.github.com/enterprise-server@latest/rest/commits/commits#list-pull-requests-associated-with-a-commit). */
export function listPullRequestsAssociatedWithCommit(
  client: GhesClient,
  { owner, repo, sha }: RepositoryName & { sha: string },
): AsyncGenerator<PullRequest, void, undefined> {
  const route = routes.listPullRequestsAssociatedWithCommit;
  return items(client, route, { owner, repo, commit_sha: sha }, listedPullRequestSchema);
}
