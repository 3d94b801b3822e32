import { GhesClientCertificateError } from './errors/client-certificate.error.js';
import { GhesGatewayError } from './errors/gateway.error.js';
import { GhesServerError } from './errors/server.error.js';
import { GhesWrongHostError } from './errors/wrong-host.error.js';
import type { GhesNetwork, WireResponse } from './network/ghes-network.js';
import { serverAddress } from './server-address.rules.js';
import { readVersion } from './server-versions.rules.js';

/** Facts about a server before an app exists. */
export interface CheckedServer {
  /** Like `3.19.0`; null if the server returns it to signed-in users only (private mode). */
  readonly version: string | null;
}

/** Any value that no server issued. */
const INVALID_TOKEN = 'Bearer check-that-authorization-arrives';
const CLIENT_CERTIFICATE_TEXT = /SSL certificate|client certificate/i;

/**
 * Checks that a GitHub Enterprise Server answers and that credentials would reach it. Requests
 * [`/meta`](https://docs.github.com/enterprise-server@latest/rest/meta/meta) without a credential, and with an invalid
 * one, which a server must reject: if it does not, something in between removes the header `Authorization`.
 *
 * @throws GhesWrongHostError, GhesGatewayError, GhesClientCertificateError, GhesServerError, and the errors of
 *   {@link GhesNetwork.send}
 */
export async function checkServer(network: GhesNetwork, origin: string, signal: AbortSignal): Promise<CheckedServer> {
  const ask = (authorization: Readonly<Record<string, string>>) =>
    network.send({
      origin,
      url: `${serverAddress(origin).apiUrl}/meta`,
      method: 'GET',
      operation: 'GET /meta',
      headers: { accept: 'application/json', 'user-agent': 'reunite-ghes-bridge', ...authorization },
      size: 'token',
      signal,
    });
  const server = readMeta(await ask({}), new URL(origin).host);
  const { status } = await ask({ authorization: INVALID_TOKEN });
  if (status >= 200 && status <= 299) {
    throw new GhesGatewayError(
      `Credentials do not reach ${origin}: it answered a request with an invalid one as if it had none.`,
    );
  }
  return server;
}

function readMeta({ status, headers, body }: WireResponse, host: string): CheckedServer {
  const header = headers['x-github-enterprise-version'];
  const isNamed = header !== undefined;
  const text = body.toString('utf8');
  const answer = parseObject(text);
  // A server in private mode. GitHub's errors name their documentation; those of gateways do not.
  if (status === 401 && (isNamed || typeof answer['documentation_url'] === 'string')) {
    return { version: readVersion(header) };
  }
  if (status === 200) {
    const { installed_version: installed, verifiable_password_authentication: isMeta } = answer;
    if (typeof installed === 'string' || isNamed) return { version: readVersion(installed) ?? readVersion(header) };
    if (isMeta !== undefined) {
      throw new GhesWrongHostError(
        `${host} answers as github.com or GitHub Enterprise Cloud, not as a GitHub Enterprise Server.`,
      );
    }
  }
  if (status >= 300 && status <= 399) {
    throw new GhesWrongHostError(
      `${host} redirects to ${locationHost(headers['location'], host)} instead of answering.`,
    );
  }
  if (status === 400 && CLIENT_CERTIFICATE_TEXT.test(text)) {
    throw new GhesClientCertificateError(`${host} requires a client certificate (400).`, { status });
  }
  if ((status === 401 || status === 403) && !isNamed) {
    throw new GhesGatewayError(
      `${host} answered ${status}, but not as a GitHub Enterprise Server: a gateway in front of it rejects the request.`,
      { status },
    );
  }
  if (status >= 500) throw new GhesServerError(`${host} answered ${status} to the first request.`, { status });
  throw new GhesWrongHostError(`${host} does not answer as a GitHub Enterprise Server (${status}).`, { status });
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function locationHost(location: string | undefined, host: string): string {
  const url =
    location !== undefined && URL.canParse(location, `https://${host}`) ? new URL(location, `https://${host}`) : null;
  return url?.host === host || !url ? 'another page' : url.host;
}
