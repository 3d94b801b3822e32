import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { listOf } from './list.schema.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';

/** Mode of a tree entry: file, executable, tree, submodule, symlink. */
export type GitMode = '100644' | '100755' | '040000' | '160000' | '120000';

/** The documented limit of a listing is 100,000 entries; servers may raise it. */
const MAX_LISTED = 1_000_000;

const gitTreeSchema = z.looseObject({
  sha: z.string(),
  tree: listOf(
    z.object({
      path: z.string(),
      mode: z.enum(['100644', '100755', '040000', '160000', '120000']),
      sha: z.string(),
    }),
    MAX_LISTED,
  ),
  /** True if entries are missing. */
  truncated: z.boolean().default(false),
});

/** Entries of a tree. Paths begin below it; they have a `/` in a recursive listing only. */
export type GitTree = z.output<typeof gitTreeSchema>;

/**
 * [Get a tree](https://docs.github.com/enterprise-server@latest/rest/git/trees#get-a-tree).
 *
 * @param options `recursive`: also the entries of its subtrees
 */
export async function getTree(
  client: GhesClient,
  { owner, repo, sha, recursive }: RepositoryName & { sha: string; recursive: boolean },
): Promise<GitTree> {
  // Any value enables it.
  const parameters = { owner, repo, tree_sha: sha, ...(recursive && { recursive: '1' }) };
  return (await client.request(routes.getTree, parameters, gitTreeSchema, { size: 'content' })).data;
}

const createdTreeSchema = z.looseObject({ sha: z.string() });

/** An entry of a new tree, by object id or by content; `sha: null` removes it. */
export type NewTreeEntry = { path: string; mode: GitMode; type: 'blob' | 'tree' | 'commit' } & (
  { sha: string | null } | { content: string }
);

/**
 * [Create a tree](https://docs.github.com/enterprise-server@latest/rest/git/trees#create-a-tree), from scratch or as
 * changes to `baseTree`.
 */
export async function createTree(
  client: GhesClient,
  { owner, repo, baseTree, tree }: RepositoryName & { baseTree?: string | undefined; tree: readonly NewTreeEntry[] },
): Promise<{ sha: string }> {
  const parameters = { owner, repo, base_tree: baseTree, tree };
  // The response lists the entries of the new root tree, which are as many as the repository has there.
  return (await client.request(routes.createTree, parameters, createdTreeSchema, { size: 'content' })).data;
}
