import type { GhesErrorDetails } from './ghes.error.js';
import { GhesError } from './ghes.error.js';

/** The violation in a response. */
export type MalformedReason = 'content-type' | 'encoding' | 'empty' | 'invalid-json' | 'unexpected-shape' | 'protocol';

/** A response that is not from a GitHub Enterprise Server: usually a proxy, a sign-in page or a wrong address. */
export class GhesMalformedResponseError extends GhesError {
  readonly code = 'ghes-malformed-response';
  readonly remedy =
    'Open the server URL and see whether it is a GitHub Enterprise Server. Check any proxy or sign-in page in front of it.';

  constructor(
    message: string,
    readonly reason: MalformedReason,
    details: GhesErrorDetails = {},
  ) {
    super(message, details);
  }
}
