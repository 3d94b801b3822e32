import type { GhesErrorDetails } from './ghes.error.js';
import { GhesError } from './ghes.error.js';

/** The body was longer than allowed. It was dropped at the limit. */
export class GhesResponseTooLargeError extends GhesError {
  readonly code = 'ghes-response-too-large';
  readonly remedy = 'Make what is asked for smaller, or raise the limit in the configuration.';

  constructor(
    message: string,
    readonly limitBytes: number,
    details: GhesErrorDetails = {},
  ) {
    super(message, details);
  }
}
