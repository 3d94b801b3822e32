import { Octokit } from '@octokit/core';
import type { z } from 'zod';
import { GhesError } from './errors/ghes.error.js';
import { MalformedResponseError } from './errors/malformed-response.error.js';
import type { GhesNetwork } from './network/ghes-network.js';
import type { GhesAuth } from './policies/authorization.js';
import { withCredential } from './policies/authorization.js';
import { assertPinned } from './policies/pinned-origin.rules.js';
import { withRetries } from './policies/retry.js';
import { wireFetch } from './policies/wire-fetch.js';
import { redact } from './redact.rules.js';
import type { ServerAddress } from './server-address.rules.js';
import { serverAddress } from './server-address.rules.js';

/** What a client is for: one server, one credential. */
export interface GhesClientOptions {
  /** The connection's origin, as {@link parseServerUrl} gave it. */
  origin: string;
  auth: GhesAuth;
  /** The connection's network; clients of the same connection share it. */
  network: GhesNetwork;
}

/** A successful response: its body as the schema sees it, and where the next page is. */
export interface GhesResponse<T> {
  data: T;
  /** The `Link` header. */
  link: string | undefined;
}

/** A client of one server, for one credential. The operations take it as their first argument. */
export interface GhesClient {
  readonly address: ServerAddress;
  /**
   * One request to the API.
   *
   * @param route - as in GitHub's documentation: `GET /repos/{owner}/{repo}`; or with an absolute URL on the same origin
   * @param parameters - for the path, the query or the body
   * @param schema - of the response's body, just for what is used
   * @throws GhesError
   */
  request<T>(route: string, parameters: Record<string, unknown>, schema: z.ZodType<T>): Promise<GhesResponse<T>>;
  /** Seconds that the server's clock is ahead of ours; 0 before the first response. */
  clockSkewSeconds(): number;
  /** Version that the server named last, like `3.17.2`. */
  serverVersion(): string | undefined;
}

/** @throws InvalidServerUrlError if `origin` is not one */
export function createGhesClient({ origin, auth, network }: GhesClientOptions): GhesClient {
  const address = serverAddress(origin);
  const octokit = createOctokit(address, auth, network);
  return {
    address,
    clockSkewSeconds: () => network.clockSkewSeconds(),
    serverVersion: () => network.serverVersion(),
    request: async (route, parameters, schema) => {
      const response: { data: unknown; status: number; headers: { link?: string | undefined } } = await octokit.request(
        route,
        parameters,
      );
      return { data: readBody(response, route, schema), link: response.headers.link };
    },
  };
}

function createOctokit(address: ServerAddress, auth: GhesAuth, network: GhesNetwork): Octokit {
  const octokit = new Octokit({
    baseUrl: address.apiUrl,
    userAgent: 'reunite-ghes-bridge',
    request: { fetch: wireFetch(network, address.origin) },
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  // One hook for all policies, outermost first: a chain of hooks hands each the options it began with, so what one adds is lost on the next.
  octokit.hook.wrap('request', (request, options) => {
    assertPinned(octokit.request.endpoint(options).url, address.apiUrl);
    const kind = ['GET', 'HEAD'].includes(options.method) ? 'read' : 'write';
    return withRetries(kind, network.limits, () =>
      withCredential(auth, (credential) =>
        unwrapErrors(async () => request({ ...options, headers: { ...options.headers, ...apiHeaders(credential) } })),
      ),
    );
  });
  return octokit;
}

function apiHeaders(credential: string | undefined): Record<string, string> {
  // This version is spoken by every release since 3.9; it is named so that a newer default does not change what we read.
  const version = { 'x-github-api-version': '2022-11-28' };
  return credential === undefined ? version : { ...version, authorization: `Bearer ${credential}` };
}

/** Octokit wraps what `fetch` throws into an error that holds the whole request, body included. Only our own error gets out. */
async function unwrapErrors<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof Error && error.cause instanceof GhesError) throw error.cause;
    throw new Error(redact(error instanceof Error ? error.message : String(error)));
  }
}

function readBody<T>(response: { data: unknown; status: number }, route: string, schema: z.ZodType<T>): T {
  const { data, status } = response;
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const subject = `${redact(route)} was answered`;
  if (data === '') throw new MalformedResponseError(`${subject} with nothing.`, 'empty', { status });
  // Paths and expectations only: the values may be a credential.
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).slice(0, 5);
  const message = `${subject} in another shape: ${faults.join('; ')}.`;
  throw new MalformedResponseError(message, 'unexpected_shape', { status });
}

function silent(): void {
  // Octokit warns about deprecations on the console; a library does not.
}
