import { GhesError } from './ghes.error.js';

/** 403: the installation of the app is suspended. */
export class GhesSuspendedError extends GhesError {
  readonly code = 'ghes-suspended';
  readonly remedy = 'An owner on the server unsuspends the installation of the app.';
}
