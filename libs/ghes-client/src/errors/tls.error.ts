import type { GhesErrorDetails } from './ghes.error.js';
import { GhesError } from './ghes.error.js';

/** Why there is no TLS connection that can be trusted. */
export type TlsFailure = 'untrusted' | 'self-signed' | 'expired' | 'other-name' | 'no-tls' | 'handshake';

const REMEDIES: Readonly<Record<TlsFailure, string>> = {
  untrusted: 'Add the certificate authority of the server to the connection.',
  'self-signed': 'Compare the fingerprint of the certificate with the server’s, and pin the certificate.',
  expired: 'Renew the certificate of the server.',
  'other-name': 'Enter the name that the certificate is issued for, or renew the certificate of the server.',
  'no-tls': 'Check the port of the server URL: https needs a port that serves TLS.',
  handshake: 'Check the minimum TLS version of the connection and the TLS settings of the server.',
};

/** The server's certificate is untrusted or for another name, or the TLS handshake failed. Nothing was sent. */
export class GhesTlsError extends GhesError {
  readonly code = 'ghes-tls';
  readonly remedy: string;

  constructor(
    message: string,
    readonly failure: TlsFailure = 'handshake',
    details: GhesErrorDetails = {},
  ) {
    super(message, details);
    this.remedy = REMEDIES[failure];
  }
}
