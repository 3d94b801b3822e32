import { jobs } from '@reunite/contracts';
import type { Work } from '@reunite/unit-of-work';
import type { EntityManager } from 'typeorm';
import { needsServerState } from './push.rules.js';
import type { DesiredState, PushedChange } from './push.rules.js';
import { readDesiredState, requestSync } from './desired-state.js';
import type { TrackedRef } from './desired-state.js';
import { RefQuotaError } from './ref-quota.error.js';
import type { SyncRequests } from './sync-requests.js';

/** Decides when a ref is synced, and limits how many refs of a repository are. A sync always asks the server. */
export class RefTracker {
  /** @param maxRefs refs per repository; deleted ones do not count */
  constructor(private readonly maxRefs: number) {}

  /**
   * Schedules a sync of a ref after a push.
   *
   * @param batch collects the request instead of writing and enqueuing it, if it has read the ref
   * @returns false if the push changes nothing
   * @throws RefQuotaError
   */
  async push(work: Work, ref: TrackedRef, push: PushedChange, batch?: SyncRequests): Promise<boolean> {
    const current = await currentState(work, ref, batch);
    if (!needsServerState(current, push)) return false;
    await this.request(work, ref, current, batch);
    return true;
  }

  /**
   * Schedules a sync of a ref after a branch was created or deleted.
   *
   * @param batch as for {@link push}
   * @returns false if the desired state already matches
   * @throws RefQuotaError
   */
  async existence(work: Work, ref: TrackedRef, exists: boolean, batch?: SyncRequests): Promise<boolean> {
    const current = await currentState(work, ref, batch);
    if (isPresent(current) === exists) return false;
    await this.request(work, ref, current, batch);
    return true;
  }

  /**
   * Schedules a sync of a ref to whatever the server has when the sync runs.
   *
   * @throws RefQuotaError if it is a new ref, and the repository has as many as it may; nothing was written
   */
  async toServer(work: Work, ref: TrackedRef): Promise<void> {
    await this.request(work, ref, await readDesiredState(work.db, ref));
  }

  /** Writes nothing if a sync is requested already that has not asked the server yet: in a burst that is the usual case. */
  private async request(
    { db, afterCommit }: Work,
    ref: TrackedRef,
    current: DesiredState | null,
    batch?: SyncRequests,
  ): Promise<void> {
    if (current?.requested) return;
    if (!isPresent(current)) {
      const count = batch?.countOf(ref.repositoryId) ?? (await countRefs(db, ref.repositoryId));
      if (count >= this.maxRefs) throw new RefQuotaError(this.maxRefs);
    }
    if (batch?.add(ref)) return;
    afterCommit.enqueue(jobs.syncRef, { refId: await requestSync(db, ref) });
  }
}

async function countRefs(db: EntityManager, repositoryId: string): Promise<number> {
  const [row] = await db.query<{ count: number }[]>(
    'SELECT count(*)::int AS count FROM git_ref WHERE repository_id = $1 AND NOT wanted_deleted',
    [repositoryId],
  );
  return row?.count ?? 0;
}

async function currentState({ db }: Work, ref: TrackedRef, batch?: SyncRequests): Promise<DesiredState | null> {
  const state = batch?.stateOf(ref);
  return state === undefined ? readDesiredState(db, ref) : state;
}

function isPresent(state: DesiredState | null): boolean {
  return state !== null && !state.deleted;
}
