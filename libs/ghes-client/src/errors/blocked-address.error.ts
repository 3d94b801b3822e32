import { GhesError } from './ghes.error.js';

/** The name of the server leads to an address that must not be called from here (loopback, metadata and the like). */
export class GhesBlockedAddressError extends GhesError {
  readonly code = 'ghes-blocked-address';
  readonly remedy =
    'Use the address of the GitHub Enterprise Server. If it really is there, an operator adds the range to GHES_ALLOWED_CIDRS.';
}
