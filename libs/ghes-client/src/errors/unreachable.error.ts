import type { GhesErrorDetails } from './ghes.error.js';
import { GhesError } from './ghes.error.js';

/** No complete response: unknown name, rejected or interrupted connection, or timeout. */
export class GhesUnreachableError extends GhesError {
  readonly code = 'ghes-unreachable';
  readonly remedy =
    'Check the server URL, the network and the firewall between here and the server, and that the server runs.';

  /** @param nothingSent true if no connection was established, so that even a write has certainly not happened */
  constructor(
    message: string,
    readonly nothingSent: boolean,
    details: GhesErrorDetails = {},
  ) {
    super(message, details);
  }
}
