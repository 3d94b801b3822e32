import { GhesError } from './ghes.error.js';

/** 404 or 410: it does not exist, or the credential may not see it. */
export class GhesNotFoundError extends GhesError {
  readonly code = 'ghes-not-found';
  readonly remedy =
    'Check that it exists and that the installation of the app includes it: the server also answers "not found" for what it hides.';
}
