import { z } from 'zod';
import type { GhesClient } from '../client.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';

const gitBlobSchema = z
  .looseObject({ sha: z.string(), encoding: z.enum(['base64', 'utf-8']), content: z.string() })
  .transform(({ sha, encoding, content }) => ({ sha, content: Buffer.from(content, encoding) }));

/** A blob with its bytes. */
export type GitBlob = z.output<typeof gitBlobSchema>;

const createdBlobSchema = z.looseObject({ sha: z.string() });

/**
 * [Get a blob](https://docs.github.com/enterprise-server@latest/rest/git/blobs#get-a-blob). A server gives blobs of at most 100 MB.
 *
 * @param options - `maxBytes`: of the blob. Default: what the network's limit for API responses leaves room for
 * @throws GhesResponseTooLargeError
 */
export async function getBlob(
  client: GhesClient,
  { owner, repo, sha, maxBytes }: RepositoryName & { sha: string; maxBytes?: number | undefined },
): Promise<GitBlob> {
  // Base64 with escaped line breaks, and the JSON around it.
  const maxResponseBytes = maxBytes === undefined ? undefined : Math.ceil(maxBytes * 1.4) + 65_536;
  const parameters = { owner, repo, file_sha: sha };
  return (await client.request(routes.getBlob, parameters, gitBlobSchema, { maxResponseBytes })).data;
}

/** [Create a blob](https://docs.github.com/enterprise-server@latest/rest/git/blobs#create-a-blob). */
export async function createBlob(
  client: GhesClient,
  { owner, repo, content }: RepositoryName & { content: Buffer },
): Promise<{ sha: string }> {
  const body = { content: content.toString('base64'), encoding: 'base64' };
  return (await client.request(routes.createBlob, { owner, repo, ...body }, createdBlobSchema)).data;
}
