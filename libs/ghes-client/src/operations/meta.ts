import { z } from 'zod';
import type { GhesClient } from '../client.js';
import { GhesNotFoundError } from '../errors/not-found.error.js';
import { routes } from './routes.js';

const metaSchema = z.looseObject({
  /** Only a GitHub Enterprise Server names it, and only where the caller may know. */
  installed_version: z.string().optional(),
  verifiable_password_authentication: z.boolean(),
});

/** What a server says about itself. */
export type Meta = z.output<typeof metaSchema>;

/** [Get GitHub Enterprise Server meta information](https://docs.github.com/enterprise-server@latest/rest/meta/meta#get-github-enterprise-server-meta-information). */
export async function getMeta(client: GhesClient): Promise<Meta> {
  return (await client.request(routes.getMeta, {}, metaSchema)).data;
}

const quotaSchema = z.looseObject({
  limit: z.number(),
  remaining: z.number(),
  /** Seconds since 1970 by the server's clock. */
  reset: z.number(),
});

const rateLimitSchema = z.looseObject({
  resources: z.looseObject({ core: quotaSchema, graphql: quotaSchema.optional() }),
});

/** What is left of the caller's quotas. */
export type RateLimitStatus = z.output<typeof rateLimitSchema>;

/**
 * [Get rate limit status for the authenticated user](https://docs.github.com/enterprise-server@latest/rest/rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user).
 *
 * @returns null where the server has no limits, which is how GitHub Enterprise Server is delivered: it then says 404
 */
export async function getRateLimit(client: GhesClient): Promise<RateLimitStatus | null> {
  try {
    return (await client.request(routes.getRateLimit, {}, rateLimitSchema)).data;
  } catch (error) {
    if (error instanceof GhesNotFoundError) return null;
    throw error;
  }
}
