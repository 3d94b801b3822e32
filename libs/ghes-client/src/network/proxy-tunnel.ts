import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { Client } from 'undici';
import type { buildConnector } from 'undici';
import { GhesError } from '../errors/ghes.error.js';
import { GhesProxyError } from '../errors/proxy.error.js';
import { GhesUnreachableError } from '../errors/unreachable.error.js';
import { errorCode } from './transport-error.rules.js';

/** Settings of the tunnels of one connection. */
export interface TunnelOptions {
  /** `http://proxy:3128`, with user name and password if required. */
  readonly proxyUrl: string;
  /** Dials the proxy itself. */
  readonly dialProxy: buildConnector.connector;
  /** Performs the TLS handshake with the server on the socket of the tunnel. */
  readonly secure: buildConnector.connector;
  /** For the dial and for the answer to CONNECT together at most twice this, in ms. */
  readonly timeoutMs: number;
}

const NO_TLS_CODE = /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|RECORD_LAYER)/;
/** With these, a proxy reports that it could not reach the server. */
const SERVER_UNREACHABLE = [502, 503, 504];

/**
 * A connector that reaches servers through an HTTP proxy with CONNECT, for `http:` and `https:`. It replaces undici's
 * `ProxyAgent`, which reports every failure of a proxy as the same error.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6
 */
export function tunnelConnector(options: TunnelOptions): buildConnector.connector {
  return (target, callback) => {
    openTunnel(options, target).then(
      (socket) => {
        if (target.protocol !== 'https:') {
          callback(null, socket as never);
          return;
        }
        options.secure({ ...target, httpSocket: socket as never }, (...outcome) => {
          const [error] = outcome;
          if (error === null) callback(...outcome);
          else callback(NO_TLS_CODE.test(errorCode(error)) ? noTls(target.hostname, error) : error, null);
        });
      },
      (error: unknown) => callback(error as Error, null),
    );
  };
}

async function openTunnel(options: TunnelOptions, target: buildConnector.Options): Promise<Duplex> {
  const { origin, hostname, authorization, name } = readProxyUrl(options.proxyUrl);
  const authority = `${target.hostname}:${target.port || (target.protocol === 'http:' ? 80 : 443)}`;
  const client = new Client(origin, { connect: options.dialProxy, headersTimeout: options.timeoutMs });
  try {
    const headers = { host: authority, ...(authorization === null ? {} : { 'proxy-authorization': authorization }) };
    // undici would verify the certificate of the proxy for the host in the header.
    const request = { path: authority, headers, servername: isIP(hostname) === 0 ? hostname : '' };
    const { statusCode, socket } = await client.connect(request);
    if (statusCode >= 200 && statusCode <= 299) return socket;
    socket.on('error', () => undefined).destroy();
    throw rejection(statusCode, name, authority);
  } catch (error) {
    throw error instanceof GhesError ? error : dialError(error, name);
  } finally {
    // The tunnel keeps its socket: after CONNECT it is not part of the client.
    void client.close();
  }
}

interface ProxyAddress {
  readonly origin: string;
  readonly hostname: string;
  /** For the header `proxy-authorization`. */
  readonly authorization: string | null;
  /** Host and port, for messages. */
  readonly name: string;
}

function readProxyUrl(proxyUrl: string): ProxyAddress {
  const { origin, host, hostname, username, password } = new URL(proxyUrl);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = credentials === ':' ? null : `Basic ${Buffer.from(credentials).toString('base64')}`;
  return { origin, hostname: hostname.replace(/^\[|\]$/g, ''), authorization, name: host };
}

function rejection(status: number, proxy: string, authority: string): GhesError {
  if (status === 407) {
    const message = `The proxy ${proxy} rejected the connection: its user name or password is missing or wrong (407).`;
    return new GhesProxyError('authentication', message, { status });
  }
  if (SERVER_UNREACHABLE.includes(status)) {
    const message = `The proxy ${proxy} could not reach ${authority} (${status}).`;
    return new GhesUnreachableError(message, true, { status });
  }
  if (status === 400 || status === 404 || status === 405 || status === 501) {
    const message = `${proxy} answered ${status} to CONNECT, so it is not an HTTP proxy for ${authority}.`;
    return new GhesProxyError('not-a-proxy', message, { status });
  }
  const message = `The proxy ${proxy} rejected the connection to ${authority} (${status}).`;
  return new GhesProxyError('rejected', message, { status });
}

function dialError(error: unknown, proxy: string): GhesProxyError {
  const code = errorCode(error);
  if (/^(HPE_|HTTPParserError|UND_ERR_SOCKET|UND_ERR_HEADERS_OVERFLOW)/.test(code)) {
    return new GhesProxyError('not-a-proxy', `${proxy} did not answer CONNECT as an HTTP proxy (${code}).`);
  }
  if (/^UND_ERR_HEADERS_TIMEOUT/.test(code)) {
    return new GhesProxyError('unreachable', `The proxy ${proxy} did not open the tunnel in time.`);
  }
  return new GhesProxyError('unreachable', `The proxy ${proxy} cannot be reached (${code}).`);
}

function noTls(hostname: string, cause: unknown): GhesProxyError {
  const message = `The proxy accepted the tunnel to ${hostname}, but no TLS server answers in it.`;
  return new GhesProxyError('not-a-proxy', message, { cause });
}
