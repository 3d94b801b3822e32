import { z } from 'zod';
import type { GhesNetwork } from '../network/ghes-network.js';
import { readBody as readBytes } from '../network/response-reader.js';
import { isOnSubdomain } from '../network/subdomain.rules.js';
import { pathSegment } from '../path-segment.rules.js';
import { basic } from '../policies/authorization.js';
import type { TokenProvider, TokenRefresh } from '../policies/authorization.js';
import { withPolicies } from '../policies/call-policies.js';
import { readJson } from '../policies/read-json.rules.js';
import { readBody } from '../read-body.rules.js';
import { readUrl } from '../read-url.rules.js';
import { redact } from '../redact.rules.js';
import { responseError } from '../response-error.rules.js';
import { serverAddress } from '../server-address.rules.js';

/** A server's Git LFS, for one repository. */
export interface LfsServer {
  readonly origin: string;
  readonly network: GhesNetwork;
  readonly owner: string;
  readonly repo: string;
  /** Installation token with `contents: read`. */
  readonly token: TokenProvider;
  readonly refresh?: TokenRefresh | undefined;
  /** Cancels the requests. */
  readonly signal?: AbortSignal | undefined;
}

/** An object by its SHA-256, and its size in bytes. */
export interface LfsObject {
  readonly oid: string;
  readonly size: number;
}

/** The location of an object, or why the server does not offer it. */
export type LfsLocation =
  { readonly url: URL; readonly authorization: string | undefined } | { readonly reason: string };

/** Objects of one batch request, the limit of git-lfs. */
export const MAX_LFS_BATCH = 100;
const MEDIA_TYPE = 'application/vnd.git-lfs+json';
/** Characters that HTTP allows in a header, within a length that servers accept. */
const HEADER_VALUE = /^[\x20-\x7e]{1,4096}$/;

const actionSchema = z.looseObject({ href: z.string(), header: z.record(z.string(), z.string()).nullish() });
const batchSchema = z.looseObject({
  objects: z.array(
    z.looseObject({
      oid: z.string(),
      actions: z.looseObject({ download: actionSchema.nullish() }).nullish(),
      error: z.looseObject({ code: z.number(), message: z.string().nullish() }).nullish(),
    }),
  ),
});
type BatchObject = z.output<typeof batchSchema>['objects'][number];

/**
 * Requests the locations of objects (https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md).
 *
 * @param objects at most {@link MAX_LFS_BATCH}
 * @returns by object id, one for each object
 * @throws GhesError, e.g. GhesNotFoundError for a server without Git LFS
 */
export async function locateLfsObjects(
  server: LfsServer,
  objects: readonly LfsObject[],
): Promise<ReadonlyMap<string, LfsLocation>> {
  const { network, token, refresh, signal } = server;
  const { origin } = serverAddress(server.origin);
  const url = `${origin}/${pathSegment(server.owner)}/${pathSegment(server.repo)}.git/info/lfs/objects/batch`;
  const subject = `POST ${redact(url)}`;
  const auth = { type: 'installation' as const, token, ...(refresh === undefined ? {} : { refresh }) };
  const body = JSON.stringify({ operation: 'download', transfers: ['basic'], hash_algo: 'sha256', objects });
  const answer = await withPolicies({ network, auth, kind: 'read', resource: 'git' }, async ({ credential, quota }) => {
    const headers = {
      'content-type': MEDIA_TYPE,
      accept: MEDIA_TYPE,
      ...(credential !== undefined && { authorization: basic('x-access-token', credential) }),
    };
    const wire = {
      origin,
      url,
      method: 'POST',
      operation: 'lfs batch',
      headers,
      body,
      size: 'page',
      quota,
      signal,
    } as const;
    const response = await network.send(wire);
    const data = readJson(response, subject);
    if (response.status === 200) return readBody({ data, status: response.status }, subject, batchSchema);
    throw responseError({ ...response, method: 'POST', url, body: data }, new Date(), network.clockSkewSeconds());
  });
  const answered = new Map(answer.objects.map((object) => [object.oid, object]));
  return new Map(objects.map(({ oid }) => [oid, locationOf(answered.get(oid), origin)]));
}

/**
 * Passes the content of an object to `read` while it arrives. The caller verifies it. The installation token is not sent.
 *
 * @throws GhesError, and the errors of `read`
 */
export function readLfsObject<T>(
  { network, origin, signal }: Pick<LfsServer, 'network' | 'origin' | 'signal'>,
  { url, authorization }: Extract<LfsLocation, { url: URL }>,
  read: (content: AsyncIterable<Buffer>) => Promise<T>,
): Promise<T> {
  const headers = authorization === undefined ? {} : { authorization };
  return withPolicies({ network, auth: { type: 'none' }, kind: 'read', resource: 'git' }, async ({ quota }) => {
    const wire = {
      ...{ origin, allowSubdomain: true, url: url.href, method: 'GET', operation: 'lfs download' },
      ...({ headers, quota, signal, size: 'pack', totalTimeoutMs: network.limits.packTimeoutMs } as const),
    };
    const answer = await network.receive(wire, async ({ status, headers: answered, body }) => {
      if (status === 200) return { result: await read(body) };
      // Without the query, which may be a credential.
      const failed = { method: 'GET', url: `${url.origin}${url.pathname}`, status, headers: answered };
      const text = (await readBytes(body)).toString('utf8');
      return { failure: responseError({ ...failed, body: text }, new Date(), network.clockSkewSeconds()) };
    });
    if ('failure' in answer) throw answer.failure;
    return answer.result;
  });
}

function locationOf(object: BatchObject | undefined, origin: string): LfsLocation {
  const { error, actions } = object ?? {};
  if (error)
    return { reason: error.code === 404 ? 'the server does not have it' : `the server answered ${errorText(error)}` };
  const download = actions?.download;
  if (!download) return { reason: 'the server does not offer it for download' };
  const url = readUrl(download.href);
  const isAllowed = url && (url.origin === origin || isOnSubdomain(url, origin)) && url.username + url.password === '';
  if (!isAllowed) {
    const host = url?.host.slice(0, 100) ?? 'an invalid address';
    return { reason: `the server stores it at ${host}, which is not on the host of the connection` };
  }
  const authorization = authorizationOf(download.header ?? {});
  if (authorization !== undefined && !HEADER_VALUE.test(authorization))
    return { reason: 'its location has an invalid header' };
  return { url, authorization };
}

function errorText({ code, message }: { code: number; message?: string | null | undefined }): string {
  return redact(`${code} ${message ?? ''}`.slice(0, 200)).trim();
}

/** Other headers of the answer are not sent: they come from the server, and could change the meaning of the request. */
function authorizationOf(headers: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
}
