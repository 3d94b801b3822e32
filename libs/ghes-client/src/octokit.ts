import { Octokit } from '@octokit/core';
import type { GhesClientOptions } from './client.js';
import { GhesError } from './errors/ghes.error.js';
import { transientFault } from './graphql/graphql-error.rules.js';
import { authorizationHeader } from './policies/authorization.js';
import { withPolicies } from './policies/call-policies.js';
import { assertPinned } from './policies/pinned-origin.rules.js';
import { wireFetch } from './policies/wire-fetch.js';
import { redact } from './redact.rules.js';
import type { ServerAddress } from './server-address.rules.js';

/**
 * What every request to the API says of itself. The version is spoken by every release since 3.9; it is named so that a newer default does
 * not change what we read.
 */
export const apiHeaders = { 'user-agent': 'reunite-ghes-bridge', 'x-github-api-version': '2022-11-28' };

/** What our callers put into Octokit's `request` option; Octokit hands it through. */
interface OwnRequestOptions {
  kind?: 'read' | 'write';
  maxResponseBytes?: number;
}

/** Octokit with our policies instead of its plugins. */
export function createOctokit(address: ServerAddress, client: GhesClientOptions): Octokit {
  const { auth, network, quota: clientQuota, etagCache } = client;
  const octokit = new Octokit({
    baseUrl: address.apiUrl,
    userAgent: apiHeaders['user-agent'],
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  // One hook for all policies, outermost first: a chain of hooks hands each the options it began with, so what one adds is lost on the next.
  octokit.hook.wrap('request', (request, options) => {
    const { url } = octokit.request.endpoint(options);
    assertPinned(url, address.apiUrl);
    const isGraphql = url === address.graphqlUrl;
    const given = options.request as OwnRequestOptions;
    const kind = given.kind ?? (['GET', 'HEAD'].includes(options.method) ? 'read' : 'write');
    const call = { network, auth, kind, resource: isGraphql ? 'graphql' : 'core', quota: clientQuota } as const;
    return withPolicies(call, async ({ credential, quota }) => {
      const wire = { network, origin: address.origin, quota, etagCache, maxResponseBytes: given.maxResponseBytes };
      const headers = { ...options.headers, ...apiHeaders, ...authorizationHeader(auth, credential) };
      const attempt = { ...options, headers, request: { ...options.request, fetch: wireFetch(wire) } };
      const response = await unwrapErrors(async () => request(attempt));
      // A limit comes with 200 here; it must be an error before the policies have let go of the call.
      const fault = isGraphql ? transientFault(response, network.clockSkewSeconds()) : undefined;
      if (fault !== undefined) throw fault;
      return response;
    });
  });
  return octokit;
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

function silent(): void {
  // Octokit warns about deprecations on the console; a library does not.
}
