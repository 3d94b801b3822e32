import { z } from 'zod';
import type { GhesClient } from '../client.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';

const createdBlobSchema = z.looseObject({ sha: z.string() });

/** [Create a blob](https://docs.github.com/enterprise-server@latest/rest/git/blobs#create-a-blob). */
export async function createBlob(
  client: GhesClient,
  { owner, repo, content }: RepositoryName & { content: Buffer },
): Promise<{ sha: string }> {
  const body = { content: content.toString('base64'), encoding: 'base64' };
  return (await client.request(routes.createBlob, { owner, repo, ...body }, createdBlobSchema)).data;
}
