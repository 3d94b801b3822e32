import type { Octokit } from '@octokit/core';
import { z } from 'zod';
import type { GhesError } from '../errors/ghes.error.js';
import { GhesMalformedResponseError } from '../errors/malformed-response.error.js';
import { readBody } from '../read-body.rules.js';
import type { WireOptions } from '../octokit.js';
import type { ServerAddress } from '../server-address.rules.js';
import { graphqlErrors } from './graphql-error.rules.js';

/** Settings of one GraphQL request. */
export interface GraphqlOptions {
  /**
   * Called with the errors of a response that also has data, which is then returned. Without it, such a response is an
   * error. Rate limits and failures of the server always are.
   */
  readonly partial?: ((errors: readonly GhesError[]) => void) | undefined;
}

interface GraphqlCall<T> extends GraphqlOptions {
  readonly document: string;
  readonly variables: Record<string, unknown>;
  readonly schema: z.ZodType<T>;
  readonly wire: WireOptions;
}

const ROUTE = 'POST /graphql';

/** The name of the operation of one of our documents. */
function nameOf(document: string): string {
  return /^\s*(?:query|mutation)\s+(\w+)/.exec(document)?.[1] ?? 'anonymous';
}

/**
 * [Forming calls with
 * GraphQL](https://docs.github.com/enterprise-server@latest/graphql/guides/forming-calls-with-graphql). On GitHub
 * Enterprise Server its path is `/api/graphql`, beside that of REST.
 */
export async function graphql<T>(
  octokit: Octokit,
  address: ServerAddress,
  { document, variables, schema, wire, partial }: GraphqlCall<T>,
  clockSkewSeconds: () => number,
): Promise<T> {
  const kind = document.trimStart().startsWith('mutation') ? 'write' : 'read';
  const response: { data: unknown; status: number; headers: Record<string, string | number | undefined> } =
    await octokit.request(ROUTE, {
      baseUrl: address.graphqlUrl.slice(0, -'/graphql'.length),
      data: { query: document, variables },
      request: { ...wire, kind, operation: `graphql ${nameOf(document)}` },
    });
  const errors = graphqlErrors(response, clockSkewSeconds());
  const { data } = readBody(response, ROUTE, z.looseObject({ data: z.unknown().optional() }));
  const [first] = errors;
  if (first !== undefined) {
    if (partial === undefined || data === null || data === undefined) throw first;
    partial(errors);
  }
  if (data === null || data === undefined) {
    throw new GhesMalformedResponseError(`${ROUTE} was answered without data.`, 'empty', { status: response.status });
  }
  return readBody({ data, status: response.status }, ROUTE, schema);
}
