import { z } from 'zod';
import { GhesConflictError } from '../errors/conflict.error.js';
import { GhesForbiddenError } from '../errors/forbidden.error.js';
import type { GhesError } from '../errors/ghes.error.js';
import { GhesNotFoundError } from '../errors/not-found.error.js';
import { GhesRateLimitedError } from '../errors/rate-limited.error.js';
import { GhesServerError } from '../errors/server.error.js';
import { GhesUnauthorizedError } from '../errors/unauthorized.error.js';
import { GhesValidationError } from '../errors/validation.error.js';
import { rateLimitOf } from '../rate-limit.rules.js';
import { redact } from '../redact.rules.js';

const faultSchema = z.looseObject({
  type: z.string().optional().catch(undefined),
  message: z.string().catch('no reason given'),
});

const answerSchema = z.looseObject({ data: z.unknown().optional(), errors: z.array(faultSchema).optional() });

/** What an answer of GraphQL looks like from here. */
interface GraphqlResponse {
  data: unknown;
  headers: Readonly<Record<string, string | number | undefined>>;
}

/** The errors of a GraphQL answer, which come with 200, as errors of ours; none if it has none. */
export function graphqlFaults(response: GraphqlResponse, clockSkewSeconds: number): GhesError[] {
  const answer = answerSchema.safeParse(response.data);
  const headers = Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
  const faults = answer.data?.errors ?? [];
  return faults.map(({ type, message }) => faultError(type ?? '', message, headers, clockSkewSeconds));
}

/** The first error that passes by itself: a limit, or a failure of the server. */
export function transientFault(response: GraphqlResponse, clockSkewSeconds: number): GhesError | undefined {
  return graphqlFaults(response, clockSkewSeconds).find((fault) => fault.retryable);
}

function faultError(
  type: string,
  said: string,
  headers: Readonly<Record<string, string>>,
  clockSkewSeconds: number,
): GhesError {
  const clean = redact(said.slice(0, 1000)).slice(0, 300);
  const message = `POST /api/graphql was answered with ${type === '' ? 'an error' : type}: ${clean}`;
  const details = { status: 200, requestId: headers['x-github-request-id'] };
  switch (type) {
    case 'RATE_LIMITED':
    case 'RATE_LIMIT': {
      const text = /secondary rate limit/i.test(said) ? said : 'API rate limit exceeded';
      const limit = rateLimitOf({ status: 429, headers, message: text }, new Date(), clockSkewSeconds);
      return new GhesRateLimitedError(message, limit.kind, limit.until, details);
    }
    case 'NOT_FOUND':
      return new GhesNotFoundError(message, details);
    case 'FORBIDDEN':
    case 'INSUFFICIENT_SCOPES':
      return new GhesForbiddenError(message, undefined, details);
    case 'UNAUTHENTICATED':
      return new GhesUnauthorizedError(message, details);
    // The branch is not where `expectedHeadOid` says.
    case 'STALE_DATA':
      return new GhesConflictError(message, details);
    case 'INTERNAL':
    case 'SERVICE_UNAVAILABLE':
      return new GhesServerError(message, details);
    default:
      // A query that ran into the server's time limit has no type, only this text.
      if (/something went wrong while executing/i.test(said)) return new GhesServerError(message, details);
      return new GhesValidationError(message, details);
  }
}
