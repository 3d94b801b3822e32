import { GhesError } from './ghes.error.js';

/** A gateway in front of the server changes requests so that the server cannot authenticate them. */
export class GhesGatewayError extends GhesError {
  readonly code = 'ghes-gateway';
  readonly remedy = 'Let the gateway pass the header Authorization to the server unchanged.';
}
