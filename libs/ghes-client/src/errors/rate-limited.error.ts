import type { GhesErrorDetails } from './ghes.error.js';
import { GhesError } from './ghes.error.js';

/** A rate limit of the server is reached. The job is delayed until `until` without occupying a worker. */
export class GhesRateLimitedError extends GhesError {
  readonly code = 'ghes-rate-limited';
  readonly remedy = 'Wait. If it happens often, an administrator of the server raises the limit of the app.';

  /**
   * @param kind `primary`: the quota per hour; `secondary`: too many requests at once
   * @param until by the local clock
   */
  constructor(
    message: string,
    readonly kind: 'primary' | 'secondary',
    readonly until: Date,
    details: GhesErrorDetails = {},
  ) {
    super(message, details);
  }
}
