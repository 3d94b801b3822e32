import type { GhesErrorDetails } from './ghes.error.js';
import { GhesError } from './ghes.error.js';

/** The server's limit is reached. The job waits until `until` without holding a worker. */
export class GhesRateLimitedError extends GhesError {
  readonly code = 'ghes-rate-limited';
  readonly remedy = 'Wait. If it happens often, an administrator of the server raises the limit of the app.';

  /**
   * @param kind - `primary`: the quota per hour; `secondary`: too many at once
   * @param until - by the local clock
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
