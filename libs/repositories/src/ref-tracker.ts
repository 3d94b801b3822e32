import { jobs } from '@reunite/contracts';
import type { Work } from '@reunite/unit-of-work';
import { desiredAfterPush } from './push.rules.js';
import type { PushedChange, DesiredState } from './push.rules.js';
import { readDesiredState, setDesiredState } from './desired-state.js';

export interface TrackedRef {
  readonly repositoryId: string;
  /** Full name, e.g. `refs/heads/main`. */
  readonly name: string;
}

/**
 * Updates the desired state of a ref after a push, and enqueues its sync.
 *
 * @returns the new desired state, or null if the push changes nothing
 */
export async function trackPush(work: Work, ref: TrackedRef, push: PushedChange): Promise<DesiredState | null> {
  const desired = desiredAfterPush(await readDesiredState(work.db, ref.repositoryId, ref.name), push);
  if (desired) await syncTo(work, ref, desired);
  return desired;
}

/**
 * Schedules a sync to the server's current state after a branch was created or deleted. The push event of the same change
 * has the commits; this one only triggers a request to the server.
 *
 * @returns false if the desired state already matches
 */
export async function trackExistence(work: Work, ref: TrackedRef, exists: boolean): Promise<boolean> {
  const existing = await readDesiredState(work.db, ref.repositoryId, ref.name);
  if (existing && existing.deleted !== exists) return false;
  await syncToServer(work, ref);
  return true;
}

/** Schedules a sync of a ref to whatever the server has when the sync runs. */
export async function syncToServer(work: Work, ref: TrackedRef): Promise<void> {
  await syncTo(work, ref, { commit: null, deleted: false });
}

async function syncTo({ db, afterCommit }: Work, ref: TrackedRef, state: DesiredState): Promise<void> {
  const { refId } = await setDesiredState(db, { ...ref, ...state });
  afterCommit.enqueue(jobs.syncRef, { refId });
}
