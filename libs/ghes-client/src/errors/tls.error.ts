import { GhesError } from './ghes.error.js';

/** The server's certificate is untrusted or for another name, or the TLS handshake failed. Nothing was sent. */
export class GhesTlsError extends GhesError {
  readonly code = 'ghes-tls';
  readonly remedy =
    'Add the certificate authority of the server to the connection, or renew the certificate of the server.';
}
