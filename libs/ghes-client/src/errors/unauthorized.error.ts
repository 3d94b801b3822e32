import type { GhesErrorDetails } from './ghes.error.js';
import { GhesError } from './ghes.error.js';

const REMEDIES = {
  app: 'Check that the app still exists on the server and that its App ID and private key are current.',
  installation:
    'Check that the app is still installed and not suspended. After a new installation the connection has to be refreshed.',
  user: 'Sign in at the server again.',
} as const;

/** 401: the credential is not accepted (wrong, expired, revoked, or the clocks differ). */
export class GhesUnauthorizedError extends GhesError {
  readonly code = 'ghes-unauthorized';
  readonly remedy: string;

  /** @param credential whose credential was rejected. Default: the app's */
  constructor(message: string, details: GhesErrorDetails = {}, credential: keyof typeof REMEDIES = 'app') {
    super(message, details);
    this.remedy = REMEDIES[credential];
  }

  /** The same error for the credential that was sent. */
  of(credential: keyof typeof REMEDIES): GhesUnauthorizedError {
    const { status, requestId } = this;
    return new GhesUnauthorizedError(this.message, { status, requestId, cause: this }, credential);
  }
}
