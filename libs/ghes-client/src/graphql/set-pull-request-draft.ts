import { z } from 'zod';
import type { GhesClient } from '../client.js';

const ready = `mutation($id: ID!) {
  result: markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}`;
const draft = `mutation($id: ID!) {
  result: convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { isDraft } }
}`;

const resultSchema = z.looseObject({
  result: z.looseObject({ pullRequest: z.looseObject({ isDraft: z.boolean() }).nullable() }).nullable(),
});

/**
 * [markPullRequestReadyForReview](https://docs.github.com/enterprise-server@latest/graphql/reference/mutations#markpullrequestreadyforreview) and
 * [convertPullRequestToDraft](https://docs.github.com/enterprise-server@latest/graphql/reference/mutations#convertpullrequesttodraft), for which REST has no operation. Needs
 * `pull_requests: write`, and of an app `contents: write` besides: without it the server answers "Resource not accessible by integration".
 *
 * @throws GhesForbiddenError without them
 *
 * @param options - `nodeId`: `node_id` of the pull request as REST gives it
 */
export async function setPullRequestDraft(
  client: GhesClient,
  { nodeId, draft: isDraft }: { nodeId: string; draft: boolean },
): Promise<void> {
  await client.graphql(isDraft ? draft : ready, { id: nodeId }, resultSchema);
}
