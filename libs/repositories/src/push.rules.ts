/** The state of a ref that the next sync must reach. */
export interface DesiredState {
  /** null for the server's commit at the time of the sync. */
  readonly commit: string | null;
  readonly deleted: boolean;
}

export interface PushedChange {
  readonly before: string;
  readonly after: string;
}

const SERVER_STATE: DesiredState = { commit: null, deleted: false };

/**
 * Returns the desired state of a ref after a push event. Deliveries arrive in any order and have no sequence number, but a
 * push whose `before` is the desired commit can only be the next one. In every other case the sync uses the server's commit,
 * so that late, missing and repeated deliveries all converge on its state (P3).
 *
 * @param current null for a new ref. Even a deletion is stored for it, because earlier pushes may still arrive
 * @returns null if nothing changes
 */
export function desiredAfterPush(current: DesiredState | null, push: PushedChange): DesiredState | null {
  const pushed: DesiredState = isZeroId(push.after)
    ? { commit: null, deleted: true }
    : { commit: push.after, deleted: false };
  if (current === null) return pushed;
  if (current.deleted === pushed.deleted && current.commit === pushed.commit) return null;
  const follows = current.deleted ? isZeroId(push.before) : current.commit === push.before;
  return follows ? pushed : SERVER_STATE;
}

/** Servers send an id of zeros, of either hash length: `before` for a created ref, `after` for a deleted one. */
function isZeroId(id: string): boolean {
  return /^0+$/.test(id);
}
