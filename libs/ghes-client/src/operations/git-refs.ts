import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { noContentSchema } from './no-content.schema.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';

const gitRefSchema = z.looseObject({
  ref: z.string(),
  /** The id that GraphQL uses. */
  node_id: z.string().default(''),
  object: z.looseObject({ type: z.string(), sha: z.string() }),
});

/** A ref and its target: a commit, or the object of an annotated tag. */
export type GitRef = z.output<typeof gitRefSchema>;

/**
 * [Get a reference](https://docs.github.com/enterprise-server@latest/rest/git/refs#get-a-reference).
 *
 * @param options `ref` without `refs/`: `heads/main`, `tags/v1`
 * @throws GhesConflictError if the repository is empty
 */
export async function getRef(
  client: GhesClient,
  { owner, repo, ref }: RepositoryName & { ref: string },
): Promise<GitRef> {
  return (await client.request(routes.getRef, { owner, repo, ref }, gitRefSchema)).data;
}

/**
 * [Create a reference](https://docs.github.com/enterprise-server@latest/rest/git/refs#create-a-reference).
 *
 * @param options `ref` without `refs/`: `heads/topic`
 * @throws GhesConflictError if it exists
 */
export async function createRef(
  client: GhesClient,
  { owner, repo, ref, sha }: RepositoryName & { ref: string; sha: string },
): Promise<GitRef> {
  const parameters = { owner, repo, ref: `refs/${ref}`, sha };
  return (await client.request(routes.createRef, parameters, gitRefSchema)).data;
}

/**
 * [Update a reference](https://docs.github.com/enterprise-server@latest/rest/git/refs#update-a-reference).
 *
 * @param options `force`: also if commits are lost. Default: false
 * @throws GhesConflictError if it is not a fast-forward
 */
export async function updateRef(
  client: GhesClient,
  { owner, repo, ref, sha, force = false }: RepositoryName & { ref: string; sha: string; force?: boolean },
): Promise<GitRef> {
  return (await client.request(routes.updateRef, { owner, repo, ref, sha, force }, gitRefSchema)).data;
}

/** [Delete a reference](https://docs.github.com/enterprise-server@latest/rest/git/refs#delete-a-reference). */
export async function deleteRef(
  client: GhesClient,
  { owner, repo, ref }: RepositoryName & { ref: string },
): Promise<void> {
  await client.request(routes.deleteRef, { owner, repo, ref }, noContentSchema);
}
