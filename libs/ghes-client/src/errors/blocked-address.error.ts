import { GhesError } from './ghes.error.js';

/** The server's name resolves to an address or port that must not be called: loopback, cloud metadata, a database. */
export class GhesBlockedAddressError extends GhesError {
  readonly code = 'ghes-blocked-address';
  readonly remedy =
    'Use the address of the GitHub Enterprise Server. If it is correct, an operator adds its range to GHES_ALLOWED_CIDRS.';
}
