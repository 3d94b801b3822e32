import type { z } from 'zod';
import type { ArchiveOptions } from './archive/download-archive.js';
import { downloadArchive } from './archive/download-archive.js';
import type { EtagCache } from './etag-cache.js';
import type { GraphqlOptions } from './graphql/graphql.js';
import { graphql } from './graphql/graphql.js';
import type { GhesNetwork } from './network/ghes-network.js';
import { createOctokit } from './octokit.js';
import type { GhesAuth } from './policies/authorization.js';
import { readBody } from './read-body.rules.js';
import type { ServerAddress } from './server-address.rules.js';
import { serverAddress } from './server-address.rules.js';

/** What a client is for: one server, one credential. */
export interface GhesClientOptions {
  /** The connection's origin, as {@link parseServerUrl} gave it. */
  origin: string;
  auth: GhesAuth;
  /** The connection's network; clients of the same connection share it. */
  network: GhesNetwork;
  /**
   * Whose quota the calls count against, like `installation:7`: a primary rate limit that one client meets holds back all clients with
   * the same quota on this network. Default: the quota of the credential.
   */
  quota?: string | undefined;
  /** Makes reads conditional, for what is polled. Default: off. */
  etagCache?: EtagCache | undefined;
}

/** How one request differs from the others. */
export interface GhesRequestOptions {
  /** Default: the network's limit for API responses. */
  maxResponseBytes?: number | undefined;
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
  request<T>(
    route: string,
    parameters: Record<string, unknown>,
    schema: z.ZodType<T>,
    options?: GhesRequestOptions,
  ): Promise<GhesResponse<T>>;
  /**
   * One GraphQL document with one operation. Queries are retried like reads, mutations like writes.
   *
   * @param schema - of `data`
   * @throws GhesError for the first error of the answer, unless `partial` allows for what is left
   */
  graphql<T>(
    document: string,
    variables: Record<string, unknown>,
    schema: z.ZodType<T>,
    options?: GraphqlOptions,
  ): Promise<T>;
  /** Follows the one redirect of an archive's route, without the credential, and reads what is there. */
  download(route: string, parameters: Record<string, unknown>, options?: ArchiveOptions): Promise<Buffer>;
  /** Seconds that the server's clock is ahead of ours; 0 before the first response. */
  clockSkewSeconds(): number;
  /** Version that the server named last, like `3.17.2`. */
  serverVersion(): string | undefined;
}

/** @throws InvalidServerUrlError if `origin` is not one */
export function createGhesClient(options: GhesClientOptions): GhesClient {
  const { origin, network } = options;
  const address = serverAddress(origin);
  const octokit = createOctokit(address, options);
  return {
    address,
    clockSkewSeconds: () => network.clockSkewSeconds(),
    serverVersion: () => network.serverVersion(),
    request: async (route, parameters, schema, { maxResponseBytes } = {}) => {
      const wire = maxResponseBytes === undefined ? parameters : { ...parameters, request: { maxResponseBytes } };
      const response: { data: unknown; status: number; headers: { link?: string | undefined } } = await octokit.request(
        route,
        wire,
      );
      return { data: readBody(response, route, schema), link: response.headers.link };
    },
    graphql: (document, variables, schema, graphqlOptions) =>
      graphql(octokit, address, { document, variables, schema, ...graphqlOptions }, () => network.clockSkewSeconds()),
    download: (route, parameters, archiveOptions) =>
      downloadArchive(octokit.request.endpoint(route, parameters).url, address, options, archiveOptions),
  };
}
