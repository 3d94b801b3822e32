import { z } from 'zod';
import type { GhesClient } from '../client.js';

const MARK_READY = `mutation($id: ID!) {
  result: markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}`;
const CONVERT_TO_DRAFT = `mutation($id: ID!) {
  result: convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}`;

const resultSchema = z.looseObject({
  result: z.looseObject({ pullRequest: z.looseObject({ isDraft: z.boolean() }).nullable() }).nullable(),
});

/**
 * [markPullRequestReadyForReview](https://docs.github.com/enterprise-server@latest/graphql/reference/mutations#markpullrequestreadyforreview)
 * and
 * [convertPullRequestToDraft](https://docs.github.com/enterprise-server@latest/graphql/reference/mutations#convertpullrequesttodraft),
 * which REST lacks. Needs `pull_requests: write`, and of an app also `contents: write`; otherwise the server answers
 * "Resource not accessible by integration".
 *
 * @param options `nodeId`: `node_id` of the pull request in REST
 * @throws GhesForbiddenError without these permissions
 */
export async function setPullRequestDraft(
  client: GhesClient,
  { nodeId, draft: isDraft }: { nodeId: string; draft: boolean },
): Promise<void> {
  await client.graphql(isDraft ? CONVERT_TO_DRAFT : MARK_READY, { id: nodeId }, resultSchema);
}
