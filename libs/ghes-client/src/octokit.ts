import { Octokit } from '@octokit/core';
import { GhesError } from './errors/ghes.error.js';
import { transientError } from './graphql/graphql-error.rules.js';
import type { GhesNetwork } from './network/ghes-network.js';
import type { ResponseSize } from './network/network-limits.js';
import type { GhesAuth } from './policies/authorization.js';
import { authorizationHeader } from './policies/authorization.js';
import { withPolicies } from './policies/call-policies.js';
import { assertPinned } from './policies/pinned-origin.rules.js';
import type { RequestKind } from './policies/retry.js';
import { wireFetch } from './policies/wire-fetch.js';
import { redact } from './redact.rules.js';
import type { ServerAddress } from './server-address.rules.js';

/**
 * Headers of every API request. All releases since 3.9 know this version of the API; naming it keeps a newer default
 * from changing the answers.
 */
export const API_HEADERS = { 'user-agent': 'reunite-ghes-bridge', 'x-github-api-version': '2022-11-28' };

/** Our settings of one request, in Octokit's `request` option, which Octokit passes on unchanged. */
export interface WireOptions {
  readonly kind?: RequestKind;
  readonly size?: ResponseSize;
  readonly signal?: AbortSignal;
  /** Default: the route with its placeholders. */
  readonly operation?: string;
}

/** One server, one credential. */
export interface OctokitOptions {
  readonly auth: GhesAuth;
  readonly network: GhesNetwork;
  readonly quota?: string | undefined;
}

/** Creates an Octokit with our policies instead of its plugins. */
export function createOctokit(address: ServerAddress, { auth, network, quota: clientQuota }: OctokitOptions): Octokit {
  const octokit = new Octokit({
    baseUrl: address.apiUrl,
    userAgent: API_HEADERS['user-agent'],
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  // One hook for all policies: in a chain of hooks, each gets the original options, so changes of the last one are
  // lost.
  octokit.hook.wrap('request', (request, options) => {
    const { url } = octokit.request.endpoint(options);
    assertPinned(url, address.apiUrl);
    const isGraphql = url === address.graphqlUrl;
    const { kind = kindOf(options.method), size, signal } = options.request as WireOptions;
    const { operation = operationOf(options.method, options.url) } = options.request as WireOptions;
    const call = { network, auth, kind, resource: isGraphql ? 'graphql' : 'core', quota: clientQuota } as const;
    return withPolicies(call, async ({ credential, quota }) => {
      const fetch = wireFetch({ network, origin: address.origin, quota, operation, size, signal });
      const headers = { ...options.headers, ...API_HEADERS, ...authorizationHeader(auth, credential) };
      const attempt = { ...options, headers, request: { fetch, parseSuccessResponseBody: false } };
      const response = await unwrapErrors(async () => request(attempt));
      // GraphQL reports limits with status 200; they have to be thrown before the policies are left.
      const error = isGraphql ? transientError(response, network.clockSkewSeconds()) : undefined;
      if (error !== undefined) throw error;
      return response;
    });
  });
  return octokit;
}

/** A link to a further page has no placeholders. */
function operationOf(method: string, url: string): string {
  return url.startsWith('/') ? `${method} ${url}` : `${method} further page`;
}

function kindOf(method: string): RequestKind {
  return ['GET', 'HEAD'].includes(method) ? 'read' : 'write';
}

/** Octokit wraps errors of `fetch` into one that contains the whole request. Throws the wrapped GhesError instead. */
async function unwrapErrors<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof Error && error.cause instanceof GhesError) throw error.cause;
    throw new Error(redact(error instanceof Error ? error.message : String(error)));
  }
}

function silent(): void {
  // Octokit writes warnings about deprecations to the console; a library should not.
}
