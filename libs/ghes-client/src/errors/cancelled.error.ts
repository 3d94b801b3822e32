import { GhesError } from './ghes.error.js';

/** The caller's deadline passed or the caller disconnected; whether the server acted on the request is unknown. */
export class GhesCancelledError extends GhesError {
  readonly code = 'ghes-cancelled';
  readonly remedy = 'Retry with more time.';
}
