import type { ConnectionEntity } from '@reunite/connections';
import { jobs } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { branchRef, GitRefEntity, isBranchName, pullRequestRef, RefQuotaError } from '@reunite/repositories';
import type { RefTracker } from '@reunite/repositories';
import type { UnitOfWork, Work } from '@reunite/unit-of-work';
import type { EntityManager } from 'typeorm';
import type { PullRequestDescription } from './pull-request-description.rules.js';
import { PullRequestEntity } from './pull-request.entity.js';
import { mirrorPullRequest } from './pull-request-mirror.js';
import type { ConfirmedResponse, DescriptionSource, MirrorResult } from './pull-request-mirror.js';

/** Plans the deployments of a ref as it is synced now. */
export interface RefPlanner {
  planSynced(work: Work, repositoryId: string, refName: string): Promise<void>;
  /** Reports the statuses that the head of an open pull request needs even if it is not deployed. */
  reportHead(work: Work, repositoryId: string, commit: string): Promise<void>;
}

type ConnectionKey = Pick<ConnectionEntity, 'id' | 'organizationId'>;

interface TrackOptions {
  readonly source: DescriptionSource | ConfirmedResponse;
  /** Whether to plan an unchanged pull request too, because a project may have been connected since. Default: false. */
  readonly replan?: boolean;
}

/** Mirrors pull requests, and keeps the desired state and the previews of their heads up to date. */
export class PullRequestTracker {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly planner: RefPlanner,
    private readonly refs: RefTracker,
  ) {}

  /** Tracks a description in a unit of work of its own. Idempotent: an unchanged pull request is not announced again. */
  track(
    connection: ConnectionKey,
    description: PullRequestDescription,
    options: TrackOptions = { source: 'response' },
  ): Promise<MirrorResult> {
    return this.unitOfWork.run({ connectionId: connection.id }, (work) =>
      this.trackIn(work, connection, description, options),
    );
  }

  /**
   * Fetches a pull request and tracks it, also if the server returned to an older state: it was restored from a backup, or
   * its clock was set back. An older answer may also have been overtaken by a delivery, so that the server is asked again.
   */
  async trackFetched(connection: ConnectionKey, fetch: () => Promise<PullRequestDescription>): Promise<MirrorResult> {
    const description = await fetch();
    const result = await this.track(connection, description);
    if (result !== 'outdated') return result;
    const replaces = await this.unitOfWork.run({ connectionId: connection.id }, async ({ db }) => {
      const { repositoryId, number } = description;
      return (await db.findOneBy(PullRequestEntity, { repositoryId, number }))?.updatedAt;
    });
    return this.track(connection, await fetch(), { source: replaces ? { replaces } : 'response' });
  }

  /** Tracks a description in the caller's unit of work. */
  async trackIn(
    work: Work,
    connection: ConnectionKey,
    description: PullRequestDescription,
    { source, replan = false }: TrackOptions,
  ): Promise<MirrorResult> {
    const result = await mirrorPullRequest(work.db, description, source);
    if (result === 'changed' || (result === 'unchanged' && replan)) await this.planHead(work, description);
    if (result === 'changed') {
      const { number, repositoryId } = description;
      const event = { type: 'pull-request', id: String(number), repositoryId } as const;
      await publishLiveEvent(work.db, connection.organizationId, event);
    }
    return result;
  }

  /** Tracks the pull request of a delivery. If its order is ambiguous, a job fetches the pull request again. */
  async trackDelivery(
    work: Work,
    connection: ConnectionKey,
    description: PullRequestDescription,
  ): Promise<MirrorResult> {
    const result = await this.trackIn(work, connection, description, { source: 'delivery', replan: true });
    if (result === 'ambiguous') {
      const { repositoryId, number } = description;
      work.afterCommit.enqueue(jobs.mirrorPullRequest, { repositoryId, number });
    }
    return result;
  }

  /** Closes a pull request that the server no longer has, e.g. since it was restored from a backup. */
  async trackMissing(connection: ConnectionKey, repositoryId: string, number: number): Promise<void> {
    await this.unitOfWork.run({ connectionId: connection.id }, async (work) => {
      const [, closed] = await work.db.query<[unknown[], number]>(
        `UPDATE pull_request SET state = 'closed' WHERE repository_id = $1 AND number = $2 AND state = 'open'`,
        [repositoryId, number],
      );
      const pull = closed === 0 ? null : await work.db.findOneBy(PullRequestEntity, { repositoryId, number });
      if (!pull) return;
      await this.planHead(work, pull);
      const event = { type: 'pull-request', id: String(number), repositoryId } as const;
      await publishLiveEvent(work.db, connection.organizationId, event);
    });
  }

  /** Syncs the head of a pull request if necessary, and plans its previews. */
  async planHead(work: Work, pull: PullRequestDescription): Promise<void> {
    const { db } = work;
    const { repositoryId } = pull;
    if (!pull.fork && !isBranchName(pull.headBranch)) return;
    const name = pull.fork ? pullRequestRef(pull.number) : branchRef(pull.headBranch);
    const ref = await db.findOneBy(GitRefEntity, { repositoryId, name });
    const isBehind = ref?.desiredCommit !== pull.headCommit;
    if (pull.state === 'open' && isBehind && (!pull.fork || (await hasForkPreviews(db, repositoryId)))) {
      // Not to `headCommit`: the branch may have moved since the description was written.
      try {
        await this.refs.toServer(work, { repositoryId, name });
      } catch (error) {
        // The reconciliation reports it, and adds the ref once there is room.
        if (!(error instanceof RefQuotaError)) throw error;
        return;
      }
    }
    await this.planner.planSynced(work, repositoryId, name);
    if (pull.state === 'open') await this.planner.reportHead(work, repositoryId, pull.headCommit);
  }
}

async function hasForkPreviews(db: EntityManager, repositoryId: string): Promise<boolean> {
  const rows = await db.query<unknown[]>('SELECT 1 FROM project WHERE repository_id = $1 AND fork_previews LIMIT 1', [
    repositoryId,
  ]);
  return rows.length > 0;
}
