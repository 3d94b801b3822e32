import { z } from 'zod';
import type { GhesClient } from '../client.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';

/** Mode of a tree entry: file, executable, tree, submodule, symlink. */
export type GitMode = '100644' | '100755' | '040000' | '160000' | '120000';

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
