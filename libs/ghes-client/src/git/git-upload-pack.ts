import type { GhesError } from '../errors/ghes.error.js';
import { GhesMalformedResponseError } from '../errors/malformed-response.error.js';
import type { GhesNetwork, StreamedResponse } from '../network/ghes-network.js';
import { readBody } from '../network/response-reader.js';
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
export function gitUploadPack(request: GitUploadPackRequest): Promise<Buffer> {
  return streamUploadPack(request, readBody);
}

/**
 * As {@link gitUploadPack}, but passes the response to `read` while it arrives.
 *
 * @param read called again if the request is repeated after a transient error; its own errors are passed on
 */
export async function streamUploadPack<T>(
  request: GitUploadPackRequest,
  read: (body: AsyncIterable<Buffer>) => Promise<T>,
): Promise<T> {
  const { network, body, token, refresh, signal, command = 'fetch' } = request;
  const { origin } = serverAddress(request.origin);
  const url = `${origin}/${pathSegment(request.owner)}/${pathSegment(request.repo)}.git/git-upload-pack`;
  const auth = { type: 'installation' as const, token, ...(refresh === undefined ? {} : { refresh }) };
  const wire = {
    origin,
    url,
    method: 'POST',
    operation: `git ${command}`,
    body,
    signal,
    ...(command === 'fetch'
      ? ({ size: 'pack', totalTimeoutMs: network.limits.packTimeoutMs } as const)
      : ({ size: 'refs' } as const)),
  };
  return withPolicies({ network, auth, kind: 'read', resource: 'git' }, async ({ credential, quota }) => {
    const answer = await network.receive({ ...wire, headers: gitHeaders(credential), quota }, async (response) => {
      const failure = await failureOf(response, url, network.clockSkewSeconds());
      return failure ? { failure } : { result: await read(notEmpty(response, `POST ${redact(url)}`)) };
    });
    if ('failure' in answer) throw answer.failure;
    return answer.result;
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

/** The error of a response that is no git response; null for one that is. */
async function failureOf(response: StreamedResponse, url: string, clockSkewSeconds: number): Promise<GhesError | null> {
  const { status, headers } = response;
  if (status !== 200) {
    const text = (await readBody(response.body)).subarray(0, 4096).toString('utf8');
    return responseError({ method: 'POST', url, status, headers, body: text }, new Date(), clockSkewSeconds);
  }
  const type = headers['content-type'] ?? 'no content type';
  if (type.split(';', 1)[0]?.trim().toLowerCase() === RESULT_TYPE) return null;
  const message = `POST ${redact(url)} was answered with ${type.slice(0, 100)} instead of a git response.`;
  return new GhesMalformedResponseError(message, 'content-type', { status });
}

async function* notEmpty({ status, body }: StreamedResponse, subject: string): AsyncGenerator<Buffer> {
  let isEmpty = true;
  for await (const chunk of body) {
    isEmpty &&= chunk.length === 0;
    yield chunk;
  }
  if (isEmpty) throw new GhesMalformedResponseError(`${subject} was answered with nothing.`, 'empty', { status });
}
