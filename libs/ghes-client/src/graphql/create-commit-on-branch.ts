import { z } from 'zod';
import type { GhesClient } from '../client.js';
import type { RepositoryName } from '../operations/repositories.js';

/** A commit to create on a branch. */
export interface CommitOnBranch extends RepositoryName {
  /** Without `refs/heads/`. */
  readonly branch: string;
  /** `node_id` of the branch as REST gives it: then the names are not used. */
  readonly branchNodeId?: string | undefined;
  /** The expected head of the branch; nothing is written if it is another one. */
  readonly expectedHeadOid: string;
  readonly headline: string;
  readonly body?: string | undefined;
  readonly additions?: readonly { path: string; contents: Buffer }[] | undefined;
  readonly deletions?: readonly string[] | undefined;
}

const MUTATION = `mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid url } }
}`;

const resultSchema = z.looseObject({
  createCommitOnBranch: z.looseObject({ commit: z.looseObject({ oid: z.string(), url: z.string() }) }),
});

/**
 * [createCommitOnBranch](https://docs.github.com/enterprise-server@latest/graphql/reference/mutations#createcommitonbranch):
 * all files in one commit, signed by the server, if the branch has the expected head. Writes files with mode 100644
 * only; other modes require blobs, trees, commits and refs. Needs `contents: write`.
 *
 * @throws GhesConflictError if the branch has moved
 */
export async function createCommitOnBranch(
  client: GhesClient,
  commit: CommitOnBranch,
): Promise<{ oid: string; url: string }> {
  const {
    owner,
    repo,
    branch,
    branchNodeId: id,
    expectedHeadOid,
    headline,
    body,
    additions = [],
    deletions = [],
  } = commit;
  const input = {
    branch: id === undefined ? { repositoryNameWithOwner: `${owner}/${repo}`, branchName: branch } : { id },
    expectedHeadOid,
    message: { headline, ...(body === undefined ? {} : { body }) },
    fileChanges: {
      additions: additions.map(({ path, contents }) => ({ path, contents: contents.toString('base64') })),
      deletions: deletions.map((path) => ({ path })),
    },
  };
  return (await client.graphql(MUTATION, { input }, resultSchema)).createCommitOnBranch.commit;
}
