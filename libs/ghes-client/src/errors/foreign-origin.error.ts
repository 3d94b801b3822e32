import { GhesError } from './ghes.error.js';

/** A request to another origin than its connection's, rejected before a credential was attached (promise P6). */
export class GhesForeignOriginError extends GhesError {
  readonly code = 'ghes-foreign-origin';
  readonly remedy =
    'The server returns addresses of another host. Check its host name setting and any gateway in front of it.';
}
