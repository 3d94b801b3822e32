import { GhesConflictError } from './errors/conflict.error.js';
import { GhesForbiddenError } from './errors/forbidden.error.js';
import type { GhesError } from './errors/ghes.error.js';
import { GhesNotFoundError } from './errors/not-found.error.js';
import { GhesRateLimitedError } from './errors/rate-limited.error.js';
import { GhesRedirectedError } from './errors/redirected.error.js';
import { GhesServerError } from './errors/server.error.js';
import { GhesSuspendedError } from './errors/suspended.error.js';
import { GhesUnauthorizedError } from './errors/unauthorized.error.js';
import { GhesValidationError } from './errors/validation.error.js';
import { rateLimitOf } from './rate-limit.rules.js';
import { redact } from './redact.rules.js';
import { readUrl } from './read-url.rules.js';

/** A response with a status outside of 2xx. */
export interface FailedResponse {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, or text. */
  readonly body: unknown;
}

/** Messages of a 422 that is caused by the state on the server, not by the request. */
const STALE_STATE = /not a fast.forward|already exists|expected head (sha|oid)|head branch was modified/i;

/**
 * Maps a failed response to an error. This is the only table of its kind.
 *
 * @param now local time
 * @param clockSkewSeconds the server's clock minus the local one
 */
export function responseError(response: FailedResponse, now: Date, clockSkewSeconds: number): GhesError {
  const { status, headers, body } = response;
  const text = serverMessage(body);
  const subject = `${response.method} ${redact(response.url)}`;
  const message = `${subject} was answered with ${status}${text === '' ? '' : `: ${text}`}`;
  const details = { status, requestId: headers['x-github-request-id'] };
  if (status >= 500) return new GhesServerError(message, details);
  if (status < 400) return new GhesRedirectedError(message, redirectsToSameOrigin(response), details);
  const limit = rateLimitOf({ status, headers, message: text }, now, clockSkewSeconds);
  if (limit !== undefined) return new GhesRateLimitedError(message, limit.kind, limit.until, details);
  switch (status) {
    case 401:
      return new GhesUnauthorizedError(message, details);
    case 403:
      if (/\bsuspended\b/i.test(text)) return new GhesSuspendedError(message, details);
      return new GhesForbiddenError(message, acceptedPermissions(headers['x-accepted-github-permissions']), details);
    case 404:
    case 410:
      return new GhesNotFoundError(message, details);
    case 409:
      return new GhesConflictError(message, details);
    default:
      return STALE_STATE.test(text)
        ? new GhesConflictError(message, details)
        : new GhesValidationError(message, details);
  }
}

function redirectsToSameOrigin({ url, headers }: FailedResponse): boolean {
  return readUrl(headers['location'] ?? '', url)?.origin === new URL(url).origin;
}

/** In `contents=write; statuses=write,pull_requests=write`, `;` separates alternatives and `,` means "and". */
function acceptedPermissions(header: string | undefined): string | undefined {
  const alternatives = (header ?? '').split(';').map((alternative) => alternative.trim().replaceAll(',', ' and '));
  const text = alternatives.filter((alternative) => alternative !== '').join(' or ');
  return text === '' ? undefined : redact(text);
}

const MAX_MESSAGE_LENGTH = 300;
/** A server's text is cut to this length, in characters, before any expression reads it. */
const MAX_READ_LENGTH = 2_000;
const MAX_FIELD_ERRORS = 20;

function serverMessage(body: unknown): string {
  const text = typeof body === 'string' ? plainText(body) : isRecord(body) ? jsonMessage(body) : '';
  const clean = redact(text.slice(0, MAX_READ_LENGTH).replace(/\s+/g, ' ').trim());
  return clean.length > MAX_MESSAGE_LENGTH ? `${clean.slice(0, MAX_MESSAGE_LENGTH)}…` : clean;
}

/** The title of an HTML page, or the text itself: git's endpoint answers in plain text. */
function plainText(body: string): string {
  const start = body.slice(0, MAX_READ_LENGTH);
  if (!start.trimStart().startsWith('<')) return start;
  return /<title>([^<]*)<\/title>/i.exec(start)?.[1] ?? 'a page instead of JSON';
}

function jsonMessage(body: Record<string, unknown>): string {
  const message = typeof body['message'] === 'string' ? body['message'].slice(0, MAX_READ_LENGTH) : '';
  const listed: readonly unknown[] = Array.isArray(body['errors']) ? body['errors'] : [];
  const errors = listed
    .slice(0, MAX_FIELD_ERRORS)
    .map(fieldError)
    .filter((text) => text !== '');
  return errors.length === 0 ? message : `${message} (${errors.join('; ')})`;
}

function fieldError(error: unknown): string {
  if (typeof error === 'string') return error.slice(0, MAX_MESSAGE_LENGTH);
  if (!isRecord(error)) return '';
  // Without `value`, which repeats what was sent.
  return ['resource', 'field', 'code', 'message']
    .map((key) => error[key])
    .filter((part) => typeof part === 'string')
    .map((part) => part.slice(0, MAX_MESSAGE_LENGTH))
    .join(' ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
