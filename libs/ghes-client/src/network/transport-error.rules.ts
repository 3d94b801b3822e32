import { GhesError } from '../errors/ghes.error.js';
import { GhesMalformedResponseError } from '../errors/malformed-response.error.js';
import { GhesTlsError } from '../errors/tls.error.js';
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
  UND_ERR_ABORTED: { what: 'the proxy rejected the connection', sent: false },
  UND_ERR_HEADERS_TIMEOUT: { what: 'it did not answer in time', sent: true },
  UND_ERR_BODY_TIMEOUT: { what: 'its answer stopped in the middle', sent: true },
  TimeoutError: { what: 'the exchange took too long', sent: true },
};

const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO$|HOSTNAME_MISMATCH|UND_ERR_PRX_TLS)/;
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
  if (TLS_CODE.test(code))
    return new GhesTlsError(`${subject} failed: no trusted TLS connection (${code}).`, { cause });
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

/** By its properties: `AbortSignal.timeout` throws a `DOMException`, and undici wraps other errors as `cause`. */
function errorCode(error: unknown): string {
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
