import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { routes } from './routes.js';

const metaSchema = z.looseObject({
  /** Only on GitHub Enterprise Server, and only for callers who may know it. */
  installed_version: z.string().optional(),
  verifiable_password_authentication: z.boolean(),
});

/** Meta information of a server. */
export type Meta = z.output<typeof metaSchema>;

/**
 * [Get GitHub Enterprise Server meta
 * information](https://docs.github.com/enterprise-server@latest/rest/meta/meta#get-github-enterprise-server-meta-information).
 */
export async function getMeta(client: GhesClient): Promise<Meta> {
  return (await client.request(routes.getMeta, {}, metaSchema, { size: 'token' })).data;
}
