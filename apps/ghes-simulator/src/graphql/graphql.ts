import type { FastifyInstance, FastifyRequest } from 'fastify';
import { buildSchema, graphql, type GraphQLSchema } from 'graphql';
import type { Actor } from '../access/actor.js';
import { authenticate } from '../access/authenticate.js';
import type { Ghes } from '../ghes.js';
import { ApiError, requiresAuthentication, statusOf } from '../rest/api.error.js';
import { createCommitOnBranch } from './create-commit-on-branch.js';
import { gitTypes } from './git-types.js';
import { convertPullRequestToDraft, markPullRequestReadyForReview } from './pull-request-draft.js';
import { nodeField, repositoryField } from './repository-type.js';
import { updateRefs } from './update-refs.js';
import type { GraphqlContext } from './graphql-context.js';

interface Query {
  readonly query?: unknown;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

let schema: Promise<GraphQLSchema> | undefined;

/** GitHub's published schema, loaded on the first query because it is large. */
function githubSchema(): Promise<GraphQLSchema> {
  schema ??= import('@octokit/graphql-schema').then((published) =>
    buildSchema(published.schema.idl, { assumeValidSDL: true }),
  );
  return schema;
}

/** `POST /api/graphql`, executed against GitHub's schema. Fields without a resolver are null. */
export function graphqlApi(app: FastifyInstance, ghes: Ghes): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(body.toString()));
    } catch {
      done(new ApiError(400, 'Problems parsing JSON'));
    }
  });
  app.setErrorHandler((error, _request, reply) => {
    const status = statusOf(error);
    if (status >= 500) ghes.log.error({ err: error }, 'GraphQL failed');
    const message = status < 500 && error instanceof Error ? error.message : 'Something went wrong';
    return reply.code(status).send({ message, documentation_url: 'https://docs.github.com/enterprise-server/graphql' });
  });

  app.post('/', async (request: FastifyRequest<{ Body: Query | undefined }>) => {
    const actor = await authenticate(ghes, request.headers.authorization);
    if (actor.kind === 'anonymous' || actor.kind === 'app') throw requiresAuthentication();
    const { query, variables, operationName } = request.body ?? {};
    if (typeof query !== 'string') throw new ApiError(400, 'A query attribute must be specified and must be a string.');
    return run(ghes, actor, query, variables, operationName);
  });
}

async function run(
  ghes: Ghes,
  actor: Actor,
  source: string,
  variableValues: Record<string, unknown> = {},
  operationName?: string,
) {
  const contextValue: GraphqlContext = { ghes, actor };
  const result = await graphql({
    schema: await githubSchema(),
    source,
    contextValue,
    variableValues,
    operationName: operationName ?? null,
    rootValue: { ...rootFields },
    typeResolver: (value: { __typename?: string }) => value.__typename,
  });
  const faults = (result.errors ?? []).filter(({ originalError }) => originalError === undefined);
  ghes.conformance?.checkGraphql(
    source.slice(0, 80),
    faults.map(({ message }) => message),
  );
  if (!result.errors) return result;
  // GitHub adds the type of an error to its message.
  const errors = result.errors.map(({ message, path, locations, originalError }) => ({
    ...(originalError instanceof ApiError ? { type: kindOf(originalError) } : {}),
    ...(path ? { path } : {}),
    locations,
    message,
  }));
  return { ...(result.data === undefined ? {} : { data: result.data }), errors };
}

function kindOf({ status }: ApiError): string {
  if (status === 404) return 'NOT_FOUND';
  if (status === 409) return 'STALE_DATA';
  return status === 403 ? 'FORBIDDEN' : 'UNPROCESSABLE';
}

/** `rateLimit` is null, because rate limits are disabled by default on GHES. */
const rootFields = {
  rateLimit: null,
  viewer: (_arguments: unknown, context: GraphqlContext) => gitTypes.viewer(context),
  node: nodeField,
  repository: repositoryField,
  createCommitOnBranch,
  convertPullRequestToDraft,
  markPullRequestReadyForReview,
  updateRefs,
};
