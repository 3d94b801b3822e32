import { GhesError } from './ghes.error.js';

/** The certificate of the server is not trusted, does not fit its name, or TLS could not be agreed on. Nothing was sent. */
export class GhesTlsError extends GhesError {
  readonly code = 'ghes-tls';
  readonly remedy =
    'Add the certificate authority of the server to the connection, or renew the certificate of the server.';
}
