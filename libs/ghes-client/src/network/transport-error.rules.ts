import { GhesClientCertificateError } from '../errors/client-certificate.error.js';
import { GhesError } from '../errors/ghes.error.js';
import { GhesMalformedResponseError } from '../errors/malformed-response.error.js';
import { GhesTlsError } from '../errors/tls.error.js';
import type { TlsFailure } from '../errors/tls.error.js';
import { GhesUnreachableError } from '../errors/unreachable.error.js';
import { redact } from '../redact.rules.js';

/** Descriptions by error code of Node or undici; `sent: false` if no connection was established. */
const UNREACHABLE: Readonly<Record<string, { readonly what: string; readonly sent: boolean }>> = {
  ENOTFOUND: { what: 'its name does not exist', sent: false },
  EAI_AGAIN: { what: 'its name could not be resolved', sent: false },
  ECONNREFUSED: { what: 'it rejected the connection', sent: false },
  EHOSTUNREACH: { what: 'its network is unreachable', sent: false },
  ENETUNREACH: { what: 'its network is unreachable', sent: false },
  UND_ERR_CONNECT_TIMEOUT: { what: 'it did not accept the connection in time', sent: false },
  UND_ERR_HEADERS_TIMEOUT: { what: 'it did not answer in time', sent: true },
  UND_ERR_BODY_TIMEOUT: { what: 'its answer stopped in the middle', sent: true },
  TimeoutError: { what: 'the exchange took too long', sent: true },
};

const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO$|HOSTNAME_MISMATCH|UND_ERR_PRX_TLS)/;
/** Alerts with which a server rejects the client certificate, or the lack of one. */
const CLIENT_CERTIFICATE_CODE =
  /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(EXPIRED|REVOKED|UNKNOWN)|UNKNOWN_CA)$/;

/** Descriptions by error code of OpenSSL or Node; every other code is a failed handshake. */
const TLS_FAILURES: Readonly<Record<string, { readonly failure: TlsFailure; readonly what: string }>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { failure: 'untrusted', what: 'its certificate authority is not trusted' },
  UNABLE_TO_GET_ISSUER_CERT: { failure: 'untrusted', what: 'its certificate authority is not trusted' },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { failure: 'untrusted', what: 'its certificate authority is not trusted' },
  SELF_SIGNED_CERT_IN_CHAIN: { failure: 'untrusted', what: 'its certificate authority is not trusted' },
  CERT_UNTRUSTED: { failure: 'untrusted', what: 'its certificate authority is not trusted' },
  DEPTH_ZERO_SELF_SIGNED_CERT: { failure: 'self-signed', what: 'its certificate is self-signed' },
  CERT_HAS_EXPIRED: { failure: 'expired', what: 'its certificate has expired' },
  CERT_NOT_YET_VALID: { failure: 'expired', what: 'its certificate is not valid yet' },
  ERR_TLS_CERT_ALTNAME_INVALID: { failure: 'other-name', what: 'its certificate is for another name' },
  HOSTNAME_MISMATCH: { failure: 'other-name', what: 'its certificate is for another name' },
  ERR_SSL_WRONG_VERSION_NUMBER: { failure: 'no-tls', what: 'it does not speak TLS on this port' },
  ERR_SSL_PACKET_LENGTH_TOO_LONG: { failure: 'no-tls', what: 'it does not speak TLS on this port' },
};

const PROTOCOL_CODE = /^(HPE_|HTTPParserError|UND_ERR_HEADERS_OVERFLOW)/;

/**
 * Maps a network error to a GhesError.
 *
 * @param subject the redacted request, like `GET https://ghes.example.com/api/v3/meta`
 */
export function transportError(error: unknown, subject: string): GhesError {
  if (error instanceof GhesError) return error;
  const code = errorCode(error);
  const cause = new Error(redact(errorMessage(error)));
  if (CLIENT_CERTIFICATE_CODE.test(code)) {
    const message = `${subject} failed: the server did not accept the connection’s client certificate (${code}).`;
    return new GhesClientCertificateError(message, { cause });
  }
  if (TLS_CODE.test(code)) {
    const { failure, what } = TLS_FAILURES[code] ?? { failure: 'handshake' as const, what: 'the TLS handshake failed' };
    return new GhesTlsError(`${subject} failed: no trusted TLS connection, ${what} (${code}).`, failure, { cause });
  }
  if (PROTOCOL_CODE.test(code)) {
    return new GhesMalformedResponseError(
      `${subject} was answered with something that is not HTTP (${code}).`,
      'protocol',
      {
        cause,
      },
    );
  }
  const { what, sent } = UNREACHABLE[code] ?? { what: 'the connection broke', sent: true };
  return new GhesUnreachableError(`${subject} failed: ${what} (${code}).`, !sent, { cause });
}

/**
 * The code of a network error, by its properties: `AbortSignal.timeout` throws a `DOMException`, and undici wraps other
 * errors as `cause`.
 */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'UNKNOWN';
  const { name, code, cause } = error as { name?: unknown; code?: unknown; cause?: unknown };
  if (name === 'TimeoutError') return name;
  if (typeof code === 'string') return code;
  if (cause !== undefined) return errorCode(cause);
  return typeof name === 'string' ? name : 'UNKNOWN';
}

function errorMessage(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  return String(error.message);
}
