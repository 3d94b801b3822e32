import { GhesForeignOriginError } from '../errors/foreign-origin.error.js';
import { GhesValidationError } from '../errors/validation.error.js';
import { readUrl } from '../read-url.rules.js';
import { redact } from '../redact.rules.js';

/**
 * Rejects a request to anything but the connection's API, before a credential is attached (promise P6). Octokit itself
 * sends the token to any absolute URL.
 *
 * @param apiUrl `${origin}/api/v3` of the connection
 * @throws GhesForeignOriginError if the URL leaves the origin
 * @throws GhesValidationError if it leaves the API's path, as `/repos/../..` does
 */
export function assertPinned(url: string, apiUrl: string): void {
  const origin = new URL(apiUrl).origin;
  const target = readUrl(url);
  if (target?.origin !== origin || target.username !== '' || target.password !== '') {
    throw new GhesForeignOriginError(`A request to ${redact(url)} was rejected: this connection belongs to ${origin}.`);
  }
  // The URL parser resolves dot segments, plain or as %2e, so that a value in the path could choose another operation.
  // After an escaped slash, the server may resolve them.
  const path = url.slice(origin.length).split(/[?#]/, 1).join('');
  if (
    /(^|\/|%2f)(\.|%2e){1,2}(\/|%2f|$)/i.test(path) ||
    path.includes('\\') ||
    !(`${target.origin}${target.pathname}`.startsWith(`${apiUrl}/`) || target.href === `${origin}/api/graphql`)
  ) {
    throw new GhesValidationError(`A request to ${redact(url)} was rejected: a name in it is invalid.`);
  }
}
