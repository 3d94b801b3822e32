import { GhesError } from '../errors/ghes.error.js';
import { GhesMalformedResponseError } from '../errors/malformed-response.error.js';
import { GhesTlsError } from '../errors/tls.error.js';
import { GhesUnreachableError } from '../errors/unreachable.error.js';
import { redact } from '../redact.rules.js';

/** What happened, by the code of the error of Node or undici; `sent: false` where no connection came about. */
const unreachable: Readonly<Record<string, { what: string; sent: boolean }>> = {
  ENOTFOUND: { what: 'its name is not known', sent: false },
  EAI_AGAIN: { what: 'its name could not be resolved', sent: false },
  ECONNREFUSED: { what: 'it refused the connection', sent: false },
  EHOSTUNREACH: { what: 'there is no way to its network', sent: false },
  ENETUNREACH: { what: 'there is no way to its network', sent: false },
  UND_ERR_CONNECT_TIMEOUT: { what: 'it did not accept the connection in time', sent: false },
  UND_ERR_ABORTED: { what: 'the proxy refused to connect to it', sent: false },
  UND_ERR_HEADERS_TIMEOUT: { what: 'it did not answer in time', sent: true },
  UND_ERR_BODY_TIMEOUT: { what: 'its answer stopped in the middle', sent: true },
  TimeoutError: { what: 'the exchange took too long', sent: true },
};

const tlsCode = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|EPROTO$|HOSTNAME_MISMATCH|UND_ERR_PRX_TLS)/;
const protocolCode = /^(HPE_|HTTPParserError|UND_ERR_HEADERS_OVERFLOW)/;

/**
 * An error of the network as one of ours.
 *
 * @param subject - the request, as in `GET https://ghes.example.com/api/v3/meta`, already redacted
 */
export function transportError(error: unknown, subject: string): GhesError {
  if (error instanceof GhesError) return error;
  const code = errorCode(error);
  const cause = new Error(redact(errorMessage(error)));
  if (tlsCode.test(code)) return new GhesTlsError(`${subject} failed: no trusted TLS connection (${code}).`, { cause });
  if (protocolCode.test(code)) {
    return new GhesMalformedResponseError(
      `${subject} was answered with something that is not HTTP (${code}).`,
      'protocol',
      {
        cause,
      },
    );
  }
  const known = unreachable[code] ?? { what: 'the connection broke', sent: true };
  return new GhesUnreachableError(`${subject} failed: ${known.what} (${code}).`, !known.sent, { cause });
}

/** Read by its properties: an error of `AbortSignal.timeout` is a `DOMException`, and undici wraps others as `cause`. */
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
