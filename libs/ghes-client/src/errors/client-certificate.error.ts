import { GhesError } from './ghes.error.js';

/**
 * The server or a gateway in front of it requires a client certificate, or does not accept the one of the connection.
 */
export class GhesClientCertificateError extends GhesError {
  readonly code = 'ghes-client-certificate';
  readonly remedy = 'Enter a client certificate that the server accepts, with its key.';
}
