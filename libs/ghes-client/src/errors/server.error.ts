import { GhesError } from './ghes.error.js';

/** 5xx: the server or a gateway in front of it failed, or the server is in maintenance mode. */
export class GhesServerError extends GhesError {
  readonly code = 'ghes-server-error';
  readonly remedy = 'Try again later. If it persists, the administrator of the server finds the request by its id.';
}
