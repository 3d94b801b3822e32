import { GhesError } from './ghes.error.js';

/** The certificate of the server is not trusted, does not fit its name, or TLS could not be agreed on. Nothing was sent. */
export class TlsError extends GhesError {
  readonly code = 'ghes_tls';
  readonly retryable = false;
  readonly remedy =
    'Add the certificate authority of the server to the connection, or renew the certificate of the server.';
}
