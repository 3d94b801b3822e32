import { GhesError } from './ghes.error.js';

/** The host of the server URL is not a GitHub Enterprise Server. */
export class GhesWrongHostError extends GhesError {
  readonly code = 'ghes-wrong-host';
  readonly remedy = 'Enter the address with which users open the GitHub Enterprise Server in a browser.';
}
