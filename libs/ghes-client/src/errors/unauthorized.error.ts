import { GhesError } from './ghes.error.js';

/** 401: the credential is not accepted (wrong, expired, revoked, or the clocks differ). */
export class GhesUnauthorizedError extends GhesError {
  readonly code = 'ghes-unauthorized';
  readonly remedy = 'Check that the app still exists on the server and that its App ID and private key are current.';
}
