/** Bytes that claim to be a git object, a pack or an object id, and are not. Asking again would bring the same bytes. */
export class MalformedObjectError extends Error {
  override readonly name = 'MalformedObjectError';
  readonly code = 'malformed-object';
  readonly retryable = false;
}
