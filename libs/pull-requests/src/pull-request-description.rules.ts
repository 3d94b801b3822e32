import type { PullRequestEntity } from './pull-request.entity.js';

/** A pull request as the server describes it in an answer or a delivery. */
export type PullRequestDescription = Omit<PullRequestEntity, 'id'>;

/** The fields that webhooks and the REST API have in common, under GitHub's names. */
export interface ServerPullRequest {
  readonly number: number;
  readonly title: string;
  readonly state: 'open' | 'closed';
  /** Webhooks and single reads have `merged`, lists only `merged_at`. */
  readonly merged?: boolean | undefined;
  readonly merged_at?: string | null | undefined;
  readonly draft?: boolean | undefined;
  readonly user: { readonly login: string } | null;
  readonly html_url: string;
  readonly updated_at: string;
  readonly head: { readonly ref: string; readonly sha: string; readonly repo: { readonly id: number } | null };
  readonly base: { readonly ref: string };
}

/** Converts a pull request of the server's repository `githubId` into the columns of its mirror. */
export function describePullRequest(
  { id: repositoryId, githubId }: { readonly id: string; readonly githubId: number },
  pullRequest: ServerPullRequest,
): PullRequestDescription {
  const merged = pullRequest.merged ?? Boolean(pullRequest.merged_at);
  return {
    repositoryId,
    number: pullRequest.number,
    title: pullRequest.title,
    state: merged ? 'merged' : pullRequest.state,
    draft: pullRequest.draft ?? false,
    // GitHub shows deleted accounts as "ghost".
    author: pullRequest.user?.login ?? 'ghost',
    headBranch: pullRequest.head.ref,
    headCommit: pullRequest.head.sha,
    baseBranch: pullRequest.base.ref,
    // `repo` is null if the fork was deleted.
    fork: pullRequest.head.repo?.id !== githubId,
    htmlUrl: pullRequest.html_url,
    updatedAt: new Date(pullRequest.updated_at),
  };
}
