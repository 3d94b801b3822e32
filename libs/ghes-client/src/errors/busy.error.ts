import { GhesError } from './ghes.error.js';

/** Too many bytes of responses are being read, for this connection or the whole process. */
export class GhesBusyError extends GhesError {
  readonly code = 'ghes-busy';
  readonly remedy = 'Retry later. If it happens often, raise the limits of bytes in flight.';
}
