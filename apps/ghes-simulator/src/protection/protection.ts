import type { Ghes } from '../ghes.js';
import { approvals } from '../pulls/reviews.js';
import { ApiError } from '../rest/api.error.js';
import { repositoryById } from '../state/lookup.js';
import type { BranchProtection, PullRequest, Repository } from '../state/model.js';
import { latestStatuses } from '../statuses/statuses.js';

export function protectionOf(ghes: Ghes, repository: Repository, branch: string): BranchProtection | undefined {
  return ghes.store.state.protections.find((item) => item.repositoryId === repository.id && item.branch === branch);
}

/** Messages of the protection requirements that a pull request does not meet. */
export function unmetRequirements(ghes: Ghes, pull: PullRequest): string[] {
  const repository = repositoryById(ghes.store, pull.repositoryId);
  const rule = protectionOf(ghes, repository, pull.baseRef);
  if (!rule) return [];
  const passed = [
    ...latestStatuses(ghes, repository, pull.headSha)
      .filter(({ state }) => state === 'success')
      .map(({ context }) => context),
    ...ghes.store.state.checkRuns
      .filter((run) => run.repositoryId === repository.id && run.headSha === pull.headSha)
      .filter(({ conclusion }) => conclusion !== null && ['success', 'neutral', 'skipped'].includes(conclusion))
      .map(({ name }) => name),
  ];
  const missing = rule.requiredContexts.filter((context) => !passed.includes(context));
  const lacking = rule.requiredApprovals - approvals(ghes, pull);
  return [
    ...missing.map((context) => `Required status check "${context}" is expected.`),
    ...(lacking > 0 ? [`At least ${lacking} approving review is required by reviewers with write access.`] : []),
  ];
}

/** Rejects direct changes of a protected branch. @throws ApiError 422 */
export function rejectDirectChange(ghes: Ghes, repository: Repository, ref: string, deleting = false): void {
  const rule = protectionOf(ghes, repository, ref.replace(/^refs\/heads\//, ''));
  if (!rule) return;
  if (deleting) throw new ApiError(422, 'Cannot delete this protected branch');
  if (rule.requiredApprovals > 0) throw new ApiError(422, 'Changes must be made through a pull request.');
  const [context] = rule.requiredContexts;
  if (context !== undefined) throw new ApiError(422, `Required status check "${context}" is expected.`);
}
