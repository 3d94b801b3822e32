import type { GhesErrorDetails } from './ghes.error.js';
import { GhesError } from './ghes.error.js';

/** 3xx: redirects are never followed, because they would receive the credential. */
export class GhesRedirectedError extends GhesError {
  readonly code = 'ghes-redirected';
  readonly remedy: string;

  /** @param sameOrigin true if the target is on the same server: a renamed or transferred repository */
  constructor(
    message: string,
    readonly sameOrigin: boolean,
    details: GhesErrorDetails = {},
  ) {
    super(message, details);
    this.remedy = sameOrigin
      ? 'The repository was renamed or transferred: read its current name by its id.'
      : 'Use the final address of the server, and check for a sign-in page or gateway in front of it.';
  }
}
