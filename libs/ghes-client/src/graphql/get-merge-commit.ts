import { z } from 'zod';
import type { GhesClient } from '../client.js';

const QUERY = `query($id: ID!) {
  node(id: $id) { ... on PullRequest { mergeCommit { oid } } }
}`;

const resultSchema = z.looseObject({
  node: z.looseObject({ mergeCommit: z.looseObject({ oid: z.string() }).nullish() }).nullable(),
});

/**
 * [mergeCommit](https://docs.github.com/enterprise-server@latest/graphql/reference/objects#pullrequest) of a merged pull request.
 * REST returns it as `merge_commit_sha`, which API version 2026-03-10 removes.
 *
 * @param options `nodeId`: `node_id` of the pull request in REST
 * @returns null if it is not merged
 */
export async function getMergeCommit(client: GhesClient, { nodeId }: { nodeId: string }): Promise<string | null> {
  const { node } = await client.graphql(QUERY, { id: nodeId }, resultSchema);
  return node?.mergeCommit?.oid ?? null;
}
