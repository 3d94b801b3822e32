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
  origin: string;
  network: GhesNetwork;
  owner: string;
  repo: string;
  /** The pkt-lines of the command: `ls-refs` or `fetch`. */
  body: Buffer | string;
  /** Installation token with `contents: read`. */
  token: TokenProvider;
  /** Called once after a 401, with the token that was refused; must give another one. */
  refresh?: TokenRefresh | undefined;
  /** Default: the network's limit for packs. */
  maxResponseBytes?: number | undefined;
}

const resultType = 'application/x-git-upload-pack-result';

/**
 * One stateless POST to git's smart HTTP end point, protocol v2, in the same pinned network and with the same errors as the API.
 * Without a preceding `info/refs`: what the server is capable of is known (protocol v2 since long before 3.12).
 * https://git-scm.com/docs/protocol-v2, https://git-scm.com/docs/gitprotocol-http
 *
 * @returns the whole answer, pkt-lines as the server sent them
 * @throws GhesError
 */
export async function gitUploadPack(request: GitUploadPackRequest): Promise<Buffer> {
  const { network, body, token, refresh } = request;
  const { origin } = serverAddress(request.origin);
  const url = `${origin}/${pathSegment(request.owner)}/${pathSegment(request.repo)}.git/git-upload-pack`;
  const auth = { type: 'installation' as const, token, ...(refresh === undefined ? {} : { refresh }) };
  return withPolicies({ network, auth, kind: 'read', resource: 'git' }, async ({ credential, quota }) => {
    const response = await network.send({
      origin,
      url,
      method: 'POST',
      headers: gitHeaders(credential),
      body,
      quota,
      maxResponseBytes: request.maxResponseBytes ?? network.limits.maxPackBytes,
      totalTimeoutMs: network.limits.packTimeoutMs,
    });
    return readResult(response, url, network.clockSkewSeconds());
  });
}

function gitHeaders(token: string | undefined): Record<string, string> {
  return {
    'git-protocol': 'version=2',
    'content-type': 'application/x-git-upload-pack-request',
    accept: resultType,
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
  if (type.split(';', 1)[0]?.trim().toLowerCase() !== resultType) {
    throw new GhesMalformedResponseError(
      `${subject} was answered with ${type} instead of git's answer.`,
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
