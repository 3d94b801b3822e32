import { NotFoundError } from '@reunite/contracts';
import type { PullRequest, PullRequestChecks } from '@reunite/contracts';
import { branchRef, pullRequestRef } from '@reunite/repositories';
import type { PullRequestEntity } from '@reunite/pull-requests';

/** Parts of a pull request from other rows. */
export interface PullRequestParts {
  readonly checks: PullRequestChecks;
  readonly previewUrl: string | null;
}

/**
 * Returns the refs that a head may be built from. A fork's branch is not the branch of that name in this repository.
 */
export function refsOf({ number, headBranch, fork }: PullRequestEntity): string[] {
  return fork ? [pullRequestRef(number)] : [pullRequestRef(number), branchRef(headBranch)];
}

export function pullRequestView(pull: PullRequestEntity, { checks, previewUrl }: PullRequestParts): PullRequest {
  const { id, number, title, state, draft, author, headBranch, baseBranch, headCommit, fork, htmlUrl } = pull;
  return {
    ...{ id, number, title, state, draft, author, headBranch, baseBranch, headCommit, fork, htmlUrl },
    ...{ previewUrl, checks, updatedAt: pull.updatedAt.toISOString() },
  };
}

/** @throws NotFoundError if it is not a positive integer */
export function readNumber(number: string | number): number {
  if (/^[1-9]\d{0,8}$/.test(String(number))) return Number(number);
  throw new NotFoundError('This pull request does not exist.');
}
