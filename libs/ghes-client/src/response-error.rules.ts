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

/** A response that is not a success. */
export interface FailedResponse {
  method: string;
  url: string;
  status: number;
  headers: Readonly<Record<string, string>>;
  /** Parsed JSON, or text. */
  body: unknown;
}

/** Refusals with 422 that are about the state on the server and not about what was said. */
const staleState = /not a fast.forward|already exists|expected head (sha|oid)|head branch was modified/i;

/**
 * The one table from a response to an error of ours.
 *
 * @param now - local time
 * @param clockSkewSeconds - the server's clock minus ours
 */
export function responseError(response: FailedResponse, now: Date, clockSkewSeconds: number): GhesError {
  const { status, headers, body } = response;
  const said = serverMessage(body);
  const subject = `${response.method} ${redact(response.url)}`;
  const message = `${subject} was answered with ${status}${said === '' ? '' : `: ${said}`}`;
  const details = { status, requestId: headers['x-github-request-id'] };
  if (status >= 500) return new GhesServerError(message, details);
  if (status < 400) return new GhesRedirectedError(message, staysOnOrigin(response), details);
  const limit = rateLimitOf({ status, headers, message: said }, now, clockSkewSeconds);
  if (limit !== undefined) return new GhesRateLimitedError(message, limit.kind, limit.until, details);
  switch (status) {
    case 401:
      return new GhesUnauthorizedError(message, details);
    case 403:
      if (/\bsuspended\b/i.test(said)) return new GhesSuspendedError(message, details);
      return new GhesForbiddenError(message, acceptedPermissions(headers['x-accepted-github-permissions']), details);
    case 404:
    case 410:
      return new GhesNotFoundError(message, details);
    case 409:
      return new GhesConflictError(message, details);
    default:
      return staleState.test(said)
        ? new GhesConflictError(message, details)
        : new GhesValidationError(message, details);
  }
}

function staysOnOrigin({ url, headers }: FailedResponse): boolean {
  return readUrl(headers['location'] ?? '', url)?.origin === new URL(url).origin;
}

/** `contents=write; statuses=write,pull_requests=write`: alternatives are separated by `;`, what belongs together by `,`. */
function acceptedPermissions(header: string | undefined): string | undefined {
  const alternatives = (header ?? '').split(';').map((alternative) => alternative.trim().replaceAll(',', ' and '));
  const text = alternatives.filter((alternative) => alternative !== '').join(' or ');
  return text === '' ? undefined : redact(text);
}

const longestMessage = 300;

function serverMessage(body: unknown): string {
  const text = typeof body === 'string' ? textOf(body) : isRecord(body) ? jsonMessage(body) : '';
  const clean = redact(text.replace(/\s+/g, ' ').trim());
  return clean.length > longestMessage ? `${clean.slice(0, longestMessage)}…` : clean;
}

/** Of a page only its title is of use; of plain text, as git's end point gives it, the text. */
function textOf(body: string): string {
  if (!/^\s*</.test(body)) return body;
  return /<title>([^<]*)<\/title>/i.exec(body)?.[1] ?? 'a page instead of JSON';
}

function jsonMessage(body: Record<string, unknown>): string {
  const message = typeof body['message'] === 'string' ? body['message'] : '';
  const errors = Array.isArray(body['errors']) ? body['errors'].map(fieldError).filter((text) => text !== '') : [];
  return errors.length === 0 ? message : `${message} (${errors.join('; ')})`;
}

function fieldError(error: unknown): string {
  if (typeof error === 'string') return error;
  if (!isRecord(error)) return '';
  // `value` stays out: it repeats what we sent.
  return ['resource', 'field', 'code', 'message']
    .map((key) => error[key])
    .filter((part) => typeof part === 'string')
    .join(' ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
