import type { GhesErrorDetails } from './ghes.error.js';
import { GhesError } from './ghes.error.js';

/** A response or listing exceeds its limit; the rest was not read. */
export class GhesResponseTooLargeError extends GhesError {
  readonly code = 'ghes-response-too-large';
  readonly remedy = 'Reduce what is requested, or raise the limit in the configuration.';

  constructor(
    message: string,
    readonly limitBytes: number,
    details: GhesErrorDetails = {},
  ) {
    super(message, details);
  }
}
