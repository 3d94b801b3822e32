import { GhesValidationError } from './errors/validation.error.js';

/**
 * Encodes a foreign name (owner, repository, slug) as one segment of a path. `.` and `..` cannot be escaped in a URL,
 * so they are rejected: `/repos/../../x` would be another operation.
 *
 * @throws GhesValidationError
 */
export function pathSegment(name: string): string {
  if (name === '' || name === '.' || name === '..') {
    throw new GhesValidationError(`"${name}" is not a name on a GitHub Enterprise Server.`);
  }
  return encodeURIComponent(name);
}
