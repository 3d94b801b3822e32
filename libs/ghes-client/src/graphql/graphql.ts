import type { Octokit } from '@octokit/core';
import { z } from 'zod';
import type { GhesError } from '../errors/ghes.error.js';
import { GhesMalformedResponseError } from '../errors/malformed-response.error.js';
import { readBody } from '../read-body.rules.js';
import type { ServerAddress } from '../server-address.rules.js';
import { graphqlFaults } from './graphql-error.rules.js';

/** How to take an answer that holds data and errors. */
export interface GraphqlOptions {
  /**
   * Called with the errors of an answer that has data nevertheless; the data is then given. Without it such an answer fails. Rate limits
   * and failures of the server always fail.
   */
  partial?: ((faults: readonly GhesError[]) => void) | undefined;
}

interface GraphqlCall<T> extends GraphqlOptions {
  document: string;
  variables: Record<string, unknown>;
  schema: z.ZodType<T>;
}

const route = 'POST /graphql';

/**
 * [Forming calls with GraphQL](https://docs.github.com/enterprise-server@latest/graphql/guides/forming-calls-with-graphql).
 * On GitHub Enterprise Server it lies beside REST, at `/api/graphql`.
 */
export async function graphql<T>(
  octokit: Octokit,
  address: ServerAddress,
  { document, variables, schema, partial }: GraphqlCall<T>,
  clockSkewSeconds: () => number,
): Promise<T> {
  const kind = /^\s*(mutation|subscription)\b/m.test(document) ? 'write' : 'read';
  const response: { data: unknown; status: number; headers: Record<string, string | number | undefined> } =
    await octokit.request(route, {
      baseUrl: address.graphqlUrl.slice(0, -'/graphql'.length),
      data: { query: document, variables },
      request: { kind },
    });
  const faults = graphqlFaults(response, clockSkewSeconds());
  const { data } = readBody(response, route, z.looseObject({ data: z.unknown().optional() }));
  const [first] = faults;
  if (first !== undefined) {
    if (partial === undefined || data === null || data === undefined) throw first;
    partial(faults);
  }
  if (data === null || data === undefined) {
    throw new GhesMalformedResponseError(`${route} was answered without data.`, 'empty', { status: response.status });
  }
  return readBody({ data, status: response.status }, route, schema);
}
