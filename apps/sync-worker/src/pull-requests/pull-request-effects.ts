import { jobs } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { branchRef, GitRefEntity, pullRequestRef, wantRef } from '@reunite/repositories';
import type { DescribedPullRequest } from '@reunite/pull-requests';
import type { Work } from '@reunite/unit-of-work';
import type { EntityManager } from 'typeorm';
import type { DeploymentPlanner } from '../deployments/deployment-planner.js';

/** What webhooks and the REST API say of a pull request alike, under GitHub's names. */
interface GithubPullRequest {
  readonly number: number;
  readonly title: string;
  readonly state: 'open' | 'closed';
  readonly merged?: boolean | undefined;
  readonly merged_at?: string | null | undefined;
  readonly draft?: boolean | undefined;
  readonly user: { readonly login: string } | null;
  readonly html_url: string;
  readonly updated_at: string;
  readonly head: { readonly ref: string; readonly sha: string; readonly repo: { readonly id: number } | null };
  readonly base: { readonly ref: string };
}

export function describePullRequest(
  repositoryId: string,
  githubId: number,
  pullRequest: GithubPullRequest,
): DescribedPullRequest {
  const merged = pullRequest.merged ?? Boolean(pullRequest.merged_at);
  return {
    repositoryId,
    number: pullRequest.number,
    title: pullRequest.title,
    state: merged ? 'merged' : pullRequest.state,
    draft: pullRequest.draft ?? false,
    author: pullRequest.user?.login ?? 'ghost',
    headBranch: pullRequest.head.ref,
    headCommit: pullRequest.head.sha,
    baseBranch: pullRequest.base.ref,
    // The head of a deleted fork lies nowhere; it is not ours either.
    fork: pullRequest.head.repo?.id !== githubId,
    htmlUrl: pullRequest.html_url,
    updatedAt: new Date(pullRequest.updated_at),
  };
}

/** Follows a mirrored pull request: its head is wanted, and its preview made or removed. */
export class PullRequestEffects {
  constructor(private readonly planner: DeploymentPlanner) {}

  async follow(work: Work, pull: DescribedPullRequest): Promise<void> {
    const { db } = work;
    const { repositoryId } = pull;
    const name = pull.fork ? pullRequestRef(pull.number) : branchRef(pull.headBranch);
    const ref = await db.findOneBy(GitRefEntity, { repositoryId, name });
    const behind = ref?.wantedCommit !== pull.headCommit;
    if (pull.state === 'open' && behind && (!pull.fork || (await forksArePreviewed(db, repositoryId)))) {
      // The branch may have moved on since this was said: the server tells where it stands.
      const wanted = await wantRef(db, { repositoryId, name, commit: null });
      work.afterCommit.enqueue(jobs.syncRef, { refId: wanted.refId });
    }
    await this.planner.planSynced(work, repositoryId, name);
  }

  async announce(
    db: EntityManager,
    organizationId: string,
    { number, repositoryId }: DescribedPullRequest,
  ): Promise<void> {
    await publishLiveEvent(db, organizationId, { type: 'pull-request', id: String(number), repositoryId });
  }
}

async function forksArePreviewed(db: EntityManager, repositoryId: string): Promise<boolean> {
  const rows = await db.query<unknown[]>('SELECT 1 FROM project WHERE repository_id = $1 AND fork_previews LIMIT 1', [
    repositoryId,
  ]);
  return rows.length > 0;
}
