import { ValidationError } from './errors/validation.error.js';

/**
 * A name from outside (owner, repository, slug) as one segment of a path. `.` and `..` cannot be escaped in a URL, so they are refused:
 * `/repos/../../x` would be another operation.
 *
 * @throws ValidationError
 */
export function pathSegment(name: string): string {
  if (name === '' || name === '.' || name === '..') {
    throw new ValidationError(`"${name}" is not a name on a GitHub Enterprise Server.`);
  }
  return encodeURIComponent(name);
}
