import { GhesError } from './ghes.error.js';

/** A request was about to leave the origin of its connection. It was refused before a credential was attached (promise P6). */
export class GhesForeignOriginError extends GhesError {
  readonly code = 'ghes-foreign-origin';
  readonly remedy =
    'The server gives addresses of another host. Check its host name setting and any gateway in front of it.';
}
