import { z } from 'zod';
import type { GhesClient } from '../client.js';
import type { RepositoryName } from './repositories.js';

const gitRefSchema = z.looseObject({
  ref: z.string(),
  object: z.looseObject({ type: z.string(), sha: z.string() }),
});

/** A ref and what it points to: a commit, or the object of an annotated tag. */
export type GitRef = z.output<typeof gitRefSchema>;

/**
 * [Get a reference](https://docs.github.com/enterprise-server@latest/rest/git/refs#get-a-reference).
 *
 * @param options - `ref` without `refs/`: `heads/main`, `tags/v1`
 * @throws ConflictError if the repository is empty
 */
export async function getRef(
  client: GhesClient,
  { owner, repo, ref }: RepositoryName & { ref: string },
): Promise<GitRef> {
  return (await client.request('GET /repos/{owner}/{repo}/git/ref/{ref}', { owner, repo, ref }, gitRefSchema)).data;
}
