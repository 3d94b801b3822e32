import type { z } from 'zod';
import type { GraphqlOptions } from './graphql/graphql.js';
import { graphql } from './graphql/graphql.js';
import type { GhesNetwork, RepositoryAddressing } from './network/ghes-network.js';
import type { NetworkLimits, ResponseSize } from './network/network-limits.js';
import { createOctokit } from './octokit.js';
import type { WireOptions } from './octokit.js';
import { RepositoryRequests } from './operations/repository-requests.js';
import type { BoundRepository } from './operations/repository-requests.js';
import type { GhesAuth } from './policies/authorization.js';
import { readBody } from './read-body.rules.js';
import type { ServerAddress } from './server-address.rules.js';
import { serverAddress } from './server-address.rules.js';

/** One server, one credential. */
export interface GhesClientOptions {
  /** The connection's origin, as {@link parseServerUrl} returned it. */
  readonly origin: string;
  readonly auth: GhesAuth;
  /** The connection's network, shared by all clients of the connection. */
  readonly network: GhesNetwork;
  /**
   * The quota that calls count against, like `installation:7`: a primary rate limit of one client applies to all
   * clients with the same quota on this network. Default: the quota of the credential.
   */
  readonly quota?: string | undefined;
  /**
   * Requests about a repository go to this one, whatever name their parameters have. See {@link RepositoryRequests}.
   */
  readonly repository?: BoundRepository | undefined;
  /** Cancels all requests of this client. */
  readonly signal?: AbortSignal | undefined;
}

/** Settings of one request. */
export interface GhesRequestOptions {
  /** Kind of the response, which limits its length. Default: `object`. */
  readonly size?: ResponseSize;
}

/** A successful response: the body that the schema accepted, and the link to the next page. */
export interface GhesResponse<T> {
  readonly data: T;
  /** The `Link` header. */
  readonly link: string | undefined;
}

/** A client of one server with one credential. Operations take it as their first argument. */
export interface GhesClient {
  readonly address: ServerAddress;
  readonly limits: NetworkLimits;
  /**
   * Sends one API request.
   *
   * @param route as in GitHub's documentation: `GET /repos/{owner}/{repo}`; or with an absolute URL on the same origin
   * @param parameters for the path, the query or the body
   * @param schema of the response's body, only with the fields that are used
   * @throws GhesError
   */
  request<T>(
    route: string,
    parameters: Record<string, unknown>,
    schema: z.ZodType<T>,
    options?: GhesRequestOptions,
  ): Promise<GhesResponse<T>>;
  /**
   * Sends one GraphQL document with one operation. Queries are retried like reads, mutations like writes.
   *
   * @param schema of `data`
   * @throws GhesError for the first error of the response, unless `partial` accepts the remaining data
   */
  graphql<T>(
    document: string,
    variables: Record<string, unknown>,
    schema: z.ZodType<T>,
    options?: GraphqlOptions,
  ): Promise<T>;
  /** The same client, with requests that end when `signal` is aborted: the deadline of the caller. */
  withSignal(signal: AbortSignal): GhesClient;
  /** The addressing of repositories that the server's answers have shown so far. */
  repositoryAddressing(): RepositoryAddressing;
  /** Seconds that the server's clock is ahead of the local one; 0 before the first response. */
  clockSkewSeconds(): number;
  /** The version in the server's last response, like `3.17.2`. */
  serverVersion(): string | undefined;
}

/** @throws InvalidServerUrlError if `origin` is invalid */
export function createGhesClient(options: GhesClientOptions): GhesClient {
  const { origin, network, signal, repository } = options;
  const address = serverAddress(origin);
  const octokit = createOctokit(address, options);
  const wire: WireOptions = signal ? { signal } : {};
  const send: GhesClient['request'] = async (route, parameters, schema, requestOptions) => {
    const response: { data: unknown; status: number; headers: { link?: string | undefined } } = await octokit.request(
      route,
      { ...parameters, request: { ...wire, ...requestOptions } },
    );
    return { data: readBody(response, route, schema), link: response.headers.link };
  };
  return {
    address,
    limits: network.limits,
    repositoryAddressing: () => network.repositoryAddressing,
    clockSkewSeconds: () => network.clockSkewSeconds(),
    serverVersion: () => network.serverVersion(),
    withSignal: (another) =>
      createGhesClient({ ...options, signal: signal ? AbortSignal.any([signal, another]) : another }),
    request: repository ? new RepositoryRequests(send, network, repository).request : send,
    graphql: (document, variables, schema, graphqlOptions) =>
      graphql(octokit, address, { document, variables, schema, wire, ...graphqlOptions }, () =>
        network.clockSkewSeconds(),
      ),
  };
}
