import { GhesMalformedResponseError } from '../errors/malformed-response.error.js';
import type { GhesNetwork, WireResponse } from '../network/ghes-network.js';
import { pathSegment } from '../path-segment.rules.js';
import { basic } from '../policies/authorization.js';
import type { TokenProvider, TokenRefresh } from '../policies/authorization.js';
import { withPolicies } from '../policies/call-policies.js';
import { redact } from '../redact.rules.js';
import { responseError } from '../response-error.rules.js';
import { serverAddress } from '../server-address.rules.js';

/** One request of git's protocol v2. */
export interface GitUploadPackRequest {
  readonly origin: string;
  readonly network: GhesNetwork;
  readonly owner: string;
  readonly repo: string;
  /** The pkt-lines of the command. */
  readonly body: Buffer | string;
  /** The command, which limits the length of the response. Default: `fetch`. */
  readonly command?: 'ls-refs' | 'fetch';
  /** Installation token with `contents: read`. */
  readonly token: TokenProvider;
  /** Called once after a 401, with the rejected token; has to return another one. */
  readonly refresh?: TokenRefresh | undefined;
  /** Cancels the request. */
  readonly signal?: AbortSignal | undefined;
}

const RESULT_TYPE = 'application/x-git-upload-pack-result';

/**
 * Sends one stateless POST to git's smart HTTP endpoint, protocol v2, on the same network and with the same errors as
 * the API. Without the usual `info/refs` request before it: every supported server has protocol v2.
 * https://git-scm.com/docs/protocol-v2, https://git-scm.com/docs/gitprotocol-http
 *
 * @returns the whole response, in pkt-lines
 * @throws GhesError
 */
export async function gitUploadPack(request: GitUploadPackRequest): Promise<Buffer> {
  const { network, body, token, refresh, signal, command = 'fetch' } = request;
  const { origin } = serverAddress(request.origin);
  const url = `${origin}/${pathSegment(request.owner)}/${pathSegment(request.repo)}.git/git-upload-pack`;
  const auth = { type: 'installation' as const, token, ...(refresh === undefined ? {} : { refresh }) };
  return withPolicies({ network, auth, kind: 'read', resource: 'git' }, async ({ credential, quota }) => {
    const response = await network.send({
      origin,
      url,
      method: 'POST',
      operation: `git ${command}`,
      headers: gitHeaders(credential),
      body,
      quota,
      signal,
      ...(command === 'fetch' ? { size: 'pack', totalTimeoutMs: network.limits.packTimeoutMs } : { size: 'refs' }),
    });
    return readResult(response, url, network.clockSkewSeconds());
  });
}

function gitHeaders(token: string | undefined): Record<string, string> {
  return {
    'git-protocol': 'version=2',
    'content-type': 'application/x-git-upload-pack-request',
    accept: RESULT_TYPE,
    'user-agent': 'git/2.40.0 (reunite-ghes-bridge)',
    ...(token === undefined ? {} : { authorization: basic('x-access-token', token) }),
  };
}

function readResult(response: WireResponse, url: string, clockSkewSeconds: number): Buffer {
  const { status, headers, body } = response;
  if (status !== 200) {
    const text = body.subarray(0, 4096).toString('utf8');
    throw responseError({ method: 'POST', url, status, headers, body: text }, new Date(), clockSkewSeconds);
  }
  const type = headers['content-type'] ?? 'no content type';
  const subject = `POST ${redact(url)}`;
  if (type.split(';', 1)[0]?.trim().toLowerCase() !== RESULT_TYPE) {
    throw new GhesMalformedResponseError(
      `${subject} was answered with ${type.slice(0, 100)} instead of a git response.`,
      'content-type',
      {
        status,
      },
    );
  }
  if (body.length === 0)
    throw new GhesMalformedResponseError(`${subject} was answered with nothing.`, 'empty', { status });
  return body;
}
