import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { GhesValidationError } from '../errors/validation.error.js';
import type { RepositoryName } from '../operations/repositories.js';

/** So many at once stay well below the limits of a query. */
const batchSize = 100;

const repositorySchema = z.looseObject({
  repository: z.record(z.string(), z.looseObject({ text: z.string().nullish() }).nullable()),
});

/**
 * Reads many small text blobs by [`Repository.object`](https://docs.github.com/enterprise-server@latest/graphql/reference/objects#repository),
 * a hundred per request.
 *
 * @param options - `oids`: SHA-1 ids of blobs
 * @returns the bytes of each blob that came whole; one that is binary, cut off, missing or changed by its way through text is not there
 */
export async function readBlobs(
  client: GhesClient,
  { owner, repo, oids }: RepositoryName & { oids: readonly string[] },
): Promise<Map<string, Buffer>> {
  const blobs = new Map<string, Buffer>();
  const wanted = [...new Set(oids)];
  for (let start = 0; start < wanted.length; start += batchSize) {
    const batch = wanted.slice(start, start + batchSize);
    const { repository } = await client.graphql(blobsQuery(batch), { owner, repo }, repositorySchema);
    for (const [index, oid] of batch.entries()) {
      const bytes = Buffer.from(repository[`blob${index}`]?.text ?? '', 'utf8');
      // The hash is the proof; what the answer says of itself is not needed.
      if (blobId(bytes) === oid) blobs.set(oid, bytes);
    }
  }
  return blobs;
}

function blobsQuery(oids: readonly string[]): string {
  const fields = oids.map((oid, index) => {
    if (!/^[0-9a-f]{40}$/.test(oid)) throw new GhesValidationError(`"${oid}" is not the id of a git object.`);
    return `blob${index}: object(oid: "${oid}") { ... on Blob { text } }`;
  });
  return `query($owner: String!, $repo: String!) {\n  repository(owner: $owner, name: $repo) {\n    ${fields.join('\n    ')}\n  }\n}`;
}

function blobId(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
