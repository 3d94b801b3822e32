import { z } from 'zod';
import type { GhesClient } from '../client.js';

const metaSchema = z.looseObject({
  /** Only a GitHub Enterprise Server names it, and only where the caller may know. */
  installed_version: z.string().optional(),
  verifiable_password_authentication: z.boolean(),
});

/** What a server says about itself. */
export type Meta = z.output<typeof metaSchema>;

/** [Get GitHub Enterprise Server meta information](https://docs.github.com/enterprise-server@latest/rest/meta/meta#get-github-enterprise-server-meta-information). */
export async function getMeta(client: GhesClient): Promise<Meta> {
  return (await client.request('GET /meta', {}, metaSchema)).data;
}
