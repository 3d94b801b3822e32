import type { GhesClientOptions } from '../client.js';
import { GhesMalformedResponseError } from '../errors/malformed-response.error.js';
import type { WireRequest, WireResponse } from '../network/ghes-network.js';
import { apiHeaders } from '../octokit.js';
import { authorizationHeader } from '../policies/authorization.js';
import { withPolicies } from '../policies/call-policies.js';
import { assertPinned } from '../policies/pinned-origin.rules.js';
import { withRetries } from '../policies/retry.js';
import { redact } from '../redact.rules.js';
import { responseError } from '../response-error.rules.js';
import type { ServerAddress } from '../server-address.rules.js';
import { archiveAddress } from './archive-address.rules.js';

/** How much an archive may be. */
export interface ArchiveOptions {
  /** Default: the network's limit for packs. */
  maxResponseBytes?: number | undefined;
}

type ArchiveClient = Pick<GhesClientOptions, 'auth' | 'network' | 'quota'>;

/**
 * Reads an archive in the two steps that the server makes of it: the API redirects, and the archive is read from there without the
 * credential.
 *
 * @param url - of the API
 * @throws GhesForeignOriginError if the redirect leads anywhere else
 */
export async function downloadArchive(
  url: string,
  address: ServerAddress,
  client: ArchiveClient,
  { maxResponseBytes }: ArchiveOptions = {},
): Promise<Buffer> {
  const { auth, network } = client;
  assertPinned(url, address.apiUrl);
  const location = await withPolicies({ ...client, kind: 'read', resource: 'core' }, async ({ credential, quota }) => {
    const headers = { ...apiHeaders, accept: 'application/vnd.github+json', ...authorizationHeader(auth, credential) };
    const request: WireRequest = { origin: address.origin, url, method: 'GET', headers, quota };
    return redirectOf(request, await network.send(request), network.clockSkewSeconds());
  });
  const target = archiveAddress(location, url, address);
  return withRetries('read', network.limits, async () => {
    const request: WireRequest = {
      origin: target.origin,
      url: target.href,
      method: 'GET',
      headers: { 'user-agent': apiHeaders['user-agent'] },
      maxResponseBytes: maxResponseBytes ?? network.limits.maxPackBytes,
      totalTimeoutMs: network.limits.packTimeoutMs,
    };
    return archiveOf(request, await network.send(request), network.clockSkewSeconds());
  });
}

function redirectOf(request: WireRequest, response: WireResponse, clockSkewSeconds: number): string {
  const { status, headers } = response;
  const subject = `GET ${redact(request.url)}`;
  if (status >= 200 && status < 300) {
    throw new GhesMalformedResponseError(`${subject} was not redirected to an archive.`, 'protocol', { status });
  }
  if ((status === 302 || status === 307) && headers['location'] !== undefined) return headers['location'];
  throw refusal(request, response, clockSkewSeconds);
}

function archiveOf(request: WireRequest, response: WireResponse, clockSkewSeconds: number): Buffer {
  const { status, headers, body } = response;
  const subject = `GET ${redact(request.url)}`;
  if (status !== 200) throw refusal(request, response, clockSkewSeconds);
  if (body.length === 0)
    throw new GhesMalformedResponseError(`${subject} was answered with nothing.`, 'empty', { status });
  const type = headers['content-type'] ?? 'application/octet-stream';
  if (!/gzip|octet-stream|x-tar/i.test(type)) {
    const message = `${subject} was answered with ${redact(type)} instead of an archive.`;
    throw new GhesMalformedResponseError(message, 'content-type', { status });
  }
  return body;
}

function refusal({ url }: WireRequest, { status, headers, body }: WireResponse, clockSkewSeconds: number): Error {
  const text = body.subarray(0, 4096).toString('utf8');
  return responseError({ method: 'GET', url, status, headers, body: jsonOr(text) }, new Date(), clockSkewSeconds);
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
