import { z } from 'zod';
import type { GhesClient } from '../client.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';

/** Mode of a tree's entry: file, executable, tree, submodule, symlink. */
export type GitMode = '100644' | '100755' | '040000' | '160000' | '120000';

const gitTreeSchema = z.looseObject({
  sha: z.string(),
  truncated: z.boolean(),
  tree: z.array(
    z.looseObject({
      path: z.string(),
      // Trees of old git versions hold modes like 100664.
      mode: z.string(),
      type: z.string(),
      sha: z.string(),
      size: z.number().optional(),
    }),
  ),
});

/** A tree with its entries. */
export type GitTree = z.output<typeof gitTreeSchema>;

/** An entry to put into a tree, by an object's id or by content; `sha: null` removes it. */
export type NewTreeEntry = { path: string; mode: GitMode; type: 'blob' | 'tree' | 'commit' } & (
  { sha: string | null } | { content: string }
);

/**
 * [Get a tree](https://docs.github.com/enterprise-server@latest/rest/git/trees#get-a-tree). Recursive: at most 100,000 entries or 7 MB, then `truncated`.
 *
 * @param options - `treeSha`: of a tree or a commit
 */
export async function getTree(
  client: GhesClient,
  { owner, repo, treeSha, recursive = false }: RepositoryName & { treeSha: string; recursive?: boolean },
): Promise<GitTree> {
  // Any value at all means recursive, `false` too.
  const parameters = { owner, repo, tree_sha: treeSha, recursive: recursive ? '1' : undefined };
  return (await client.request(routes.getTree, parameters, gitTreeSchema)).data;
}

/** [Create a tree](https://docs.github.com/enterprise-server@latest/rest/git/trees#create-a-tree), whole or as changes to `baseTree`. */
export async function createTree(
  client: GhesClient,
  { owner, repo, baseTree, tree }: RepositoryName & { baseTree?: string | undefined; tree: readonly NewTreeEntry[] },
): Promise<GitTree> {
  return (await client.request(routes.createTree, { owner, repo, base_tree: baseTree, tree }, gitTreeSchema)).data;
}
