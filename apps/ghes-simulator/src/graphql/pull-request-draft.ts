import { requireRepository } from '../access/authorize.js';
import { setDraft } from '../pulls/pull-requests.js';
import { ApiError } from '../rest/api.error.js';
import { actingUser } from '../rest/pulls.js';
import { accountById, repositoryById } from '../state/lookup.js';
import { nodeId } from '../state/node-id.js';
import type { GraphqlContext } from './graphql-context.js';

interface Arguments {
  readonly input: { pullRequestId: string; clientMutationId?: string };
}

export const convertPullRequestToDraft = (given: Arguments, context: GraphqlContext) => change(given, context, true);
export const markPullRequestReadyForReview = (given: Arguments, context: GraphqlContext) =>
  change(given, context, false);

/** @throws ApiError 404 if the caller cannot see the pull request, 422 if it is closed */
async function change({ input }: Arguments, { ghes, actor }: GraphqlContext, draft: boolean) {
  const { pullRequestId, clientMutationId = null } = input;
  const pull = ghes.store.state.pullRequests.find(({ id }) => nodeId('PullRequest', id) === pullRequestId);
  if (!pull) throw new ApiError(404, `Could not resolve to a node with the global id of '${pullRequestId}'`);
  const repository = repositoryById(ghes.store, pull.repositoryId);
  const { login: owner } = accountById(ghes.store, repository.ownerId);
  requireRepository(ghes, actor, { owner, repo: repository.name }, 'pull_requests', 'write');
  // An undocumented requirement of GitHub: https://github.com/cli/cli/discussions/6924
  requireRepository(ghes, actor, { owner, repo: repository.name }, 'contents', 'write');
  if (pull.state !== 'open') throw new ApiError(422, 'Pull request is closed');
  await setDraft(ghes, pull, draft, actingUser(actor));
  return { clientMutationId, pullRequest: { id: pullRequestId, number: pull.number, isDraft: pull.draft } };
}
