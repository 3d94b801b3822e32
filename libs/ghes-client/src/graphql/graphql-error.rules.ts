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
import { listOf } from '../operations/list.schema.js';
import { redact } from '../redact.rules.js';

/** Characters of a message that are searched for credentials, and that are shown. */
const MAX_READ_LENGTH = 1_000;
const MAX_MESSAGE_LENGTH = 300;

const errorSchema = z.looseObject({
  type: z.string().optional().catch(undefined),
  message: z.string().catch('no reason given'),
});

const MAX_ERRORS = 1_000;

const responseSchema = z.looseObject({
  data: z.unknown().optional(),
  errors: listOf(errorSchema, MAX_ERRORS).optional(),
});

interface GraphqlResponse {
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
}

/** Maps the errors of a GraphQL response, which has status 200, to GhesErrors. */
export function graphqlErrors(response: GraphqlResponse, clockSkewSeconds: number): GhesError[] {
  const body = responseSchema.safeParse(response.data);
  const headers = Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
  const errors = body.data?.errors ?? [];
  return errors.map(({ type, message }) => errorOf(type ?? '', message, headers, clockSkewSeconds));
}

/** The first retryable error: a rate limit, or a failure of the server. */
export function transientError(response: GraphqlResponse, clockSkewSeconds: number): GhesError | undefined {
  return graphqlErrors(response, clockSkewSeconds).find((error) => error.retryable);
}

function errorOf(
  type: string,
  text: string,
  headers: Readonly<Record<string, string>>,
  clockSkewSeconds: number,
): GhesError {
  const quoted = redact(text.slice(0, MAX_READ_LENGTH)).slice(0, MAX_MESSAGE_LENGTH);
  const message = `POST /api/graphql was answered with ${type === '' ? 'an error' : type.slice(0, 100)}: ${quoted}`;
  const details = { status: 200, requestId: headers['x-github-request-id'] };
  switch (type) {
    case 'RATE_LIMITED':
    case 'RATE_LIMIT': {
      const reason = /secondary rate limit/i.test(quoted) ? quoted : 'API rate limit exceeded';
      const limit = rateLimitOf({ status: 429, headers, message: reason }, new Date(), clockSkewSeconds);
      return new GhesRateLimitedError(message, limit.kind, limit.until, details);
    }
    case 'NOT_FOUND':
      return new GhesNotFoundError(message, details);
    case 'FORBIDDEN':
    case 'INSUFFICIENT_SCOPES':
      return new GhesForbiddenError(message, undefined, details);
    case 'UNAUTHENTICATED':
      return new GhesUnauthorizedError(message, details);
    // The head of the branch is not `expectedHeadOid`.
    case 'STALE_DATA':
      return new GhesConflictError(message, details);
    case 'INTERNAL':
    case 'SERVICE_UNAVAILABLE':
      return new GhesServerError(message, details);
    default:
      // A query that exceeded the server's time limit has no type, only this text.
      if (/something went wrong while executing/i.test(quoted)) return new GhesServerError(message, details);
      return new GhesValidationError(message, details);
  }
}
