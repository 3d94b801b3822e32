import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { changedFileSchema } from './changed-file.schema.js';
import { listOf } from './list.schema.js';
import { items } from './paging.js';
import type { PageStart } from './paging.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';

/** Git has no limit; more than a few parents are not known in practice. */
export const MAX_PARENTS = 1_000;
/** A comparison has at most 250 commits and 300 files on a page. */
const MAX_COMPARED = 300;

const signatureSchema = z.looseObject({ name: z.string(), email: z.string(), date: z.string() });

const treeAndParents = {
  tree: z.looseObject({ sha: z.string() }),
  parents: listOf(z.looseObject({ sha: z.string() }), MAX_PARENTS),
};

const commitObjectSchema = z.looseObject({
  sha: z.string(),
  message: z.string(),
  author: signatureSchema,
  committer: signatureSchema,
  ...treeAndParents,
  verification: z
    .looseObject({
      /** The signature in the commit object; null if it is not signed. */
      signature: z.string().nullish(),
      /** The commit object without its signature. */
      payload: z.string().nullish(),
    })
    .optional(),
});

/** A commit object of git. */
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
  /** The author's account on the server; null or empty if there is none. */
  author: z.looseObject({ id: z.number().optional(), login: z.string().optional() }).nullable(),
  parents: treeAndParents.parents,
});

/** A commit with its account and web address. */
export type Commit = z.output<typeof commitSchema>;

const comparisonSchema = z.looseObject({
  status: z.enum(['diverged', 'ahead', 'behind', 'identical']),
  ahead_by: z.number(),
  behind_by: z.number(),
  total_commits: z.number(),
  merge_base_commit: z.looseObject({ sha: z.string() }),
  commits: listOf(commitSchema, MAX_COMPARED),
  files: listOf(changedFileSchema, MAX_COMPARED).optional(),
});

/** Relation of two commits, with the commits and files between them. */
export type Comparison = z.output<typeof comparisonSchema>;

/** A commit to create. Default author: the app. */
export interface NewCommit extends RepositoryName {
  readonly message: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author?: { name: string; email: string; date?: string } | undefined;
}

/** [Get a commit object](https://docs.github.com/enterprise-server@latest/rest/git/commits#get-a-commit-object). */
export async function getCommitObject(
  client: GhesClient,
  { owner, repo, sha }: RepositoryName & { sha: string },
): Promise<CommitObject> {
  return (await client.request(routes.getCommitObject, { owner, repo, commit_sha: sha }, commitObjectSchema)).data;
}

/**
 * [Create a commit](https://docs.github.com/enterprise-server@latest/rest/git/commits#create-a-commit). Moves no ref.
 */
export async function createCommit(
  client: GhesClient,
  { owner, repo, message, tree, parents, author }: NewCommit,
): Promise<CommitObject> {
  const parameters = { owner, repo, message, tree, parents, author };
  return (await client.request(routes.createCommit, parameters, commitObjectSchema)).data;
}

/**
 * [List commits](https://docs.github.com/enterprise-server@latest/rest/commits/commits#list-commits), newest first.
 *
 * @param listing `sha`: commit or branch to start from. `path`: only commits that changed this file or folder
 */
export function listCommits(
  client: GhesClient,
  {
    owner,
    repo,
    sha,
    path,
    page,
    perPage = 100,
  }: RepositoryName & PageStart & { sha: string; path?: string | undefined },
): AsyncGenerator<Commit, void, undefined> {
  return items(client, routes.listCommits, { owner, repo, sha, path, page, per_page: perPage }, commitSchema);
}

/**
 * [Compare two commits](https://docs.github.com/enterprise-server@latest/rest/commits/commits#compare-two-commits),
 * from their merge base to `head`. Lists at most 300 files.
 *
 * @param options `base` and `head`: ids or names of refs, or `owner:branch` of another repository of the network
 */
export async function compareCommits(
  client: GhesClient,
  { owner, repo, base, head }: RepositoryName & { base: string; head: string },
): Promise<Comparison> {
  const parameters = { owner, repo, basehead: `${base}...${head}` };
  return (await client.request(routes.compareCommits, parameters, comparisonSchema, { size: 'content' })).data;
}

const distanceSchema = z.object({ ahead_by: z.number(), behind_by: z.number() });

/** Commits that one side of a comparison has and the other lacks. */
export interface Distance {
  readonly ahead: number;
  readonly behind: number;
}

/** Counts the commits between two sides. Only the first page of a comparison lists files, so the second one is read. */
export async function countCommitsBetween(
  client: GhesClient,
  { owner, repo, base, head }: RepositoryName & { base: string; head: string },
): Promise<Distance> {
  const parameters = { owner, repo, basehead: `${base}...${head}`, per_page: 1, page: 2 };
  const { data } = await client.request(routes.countCommitsBetween, parameters, distanceSchema);
  return { ahead: data.ahead_by, behind: data.behind_by };
}
