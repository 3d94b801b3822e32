import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { StreamedBody } from '../network/streamed-body.js';
import type { RepositoryName } from './repositories.js';
import { routes } from './routes.js';

const blobSchema = z.looseObject({ content: z.string(), encoding: z.enum(['base64', 'utf-8']) });

/**
 * [Get a blob](https://docs.github.com/enterprise-server@latest/rest/git/blobs#get-a-blob).
 *
 * @returns the content that the server sent, not compared with the id
 * @throws GhesResponseTooLargeError for a blob of more than three quarters of `maxContentBytes`
 */
export async function getBlob(
  client: GhesClient,
  { owner, repo, sha }: RepositoryName & { sha: string },
): Promise<Buffer> {
  const { data } = await client.request(routes.getBlob, { owner, repo, file_sha: sha }, blobSchema, {
    size: 'content',
  });
  return Buffer.from(data.content, data.encoding);
}

const createdBlobSchema = z.looseObject({ sha: z.string() });

/** [Create a blob](https://docs.github.com/enterprise-server@latest/rest/git/blobs#create-a-blob). */
export async function createBlob(
  client: GhesClient,
  { owner, repo, content }: RepositoryName & { content: Buffer },
): Promise<{ sha: string }> {
  const body = { content: content.toString('base64'), encoding: 'base64' };
  return (await client.request(routes.createBlob, { owner, repo, ...body }, createdBlobSchema)).data;
}

/**
 * Creates a blob from pieces without holding them in memory together: each is encoded when the request is sent.
 *
 * @param size of the content in bytes
 * @param pieces returns the content from its start, for every attempt; each piece but the last has a length that is a
 *   multiple of 3
 */
export async function createBlobFromPieces(
  client: GhesClient,
  { owner, repo, size, pieces }: RepositoryName & { size: number; pieces: () => AsyncIterable<Buffer> },
): Promise<{ sha: string }> {
  const data = new StreamedBody(HEAD.length + Math.ceil(size / 3) * 4 + TAIL.length, () => blobJson(pieces()));
  return (await client.request(routes.createBlob, { owner, repo, data }, createdBlobSchema)).data;
}

const HEAD = '{"encoding":"base64","content":"';
const TAIL = '"}';

async function* blobJson(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.from(HEAD);
  for await (const piece of pieces) yield Buffer.from(piece.toString('base64'));
  yield Buffer.from(TAIL);
}
