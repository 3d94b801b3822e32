export interface WantedState {
  /** null for the server's commit at the time of the sync. */
  readonly commit: string | null;
  readonly deleted: boolean;
}

export interface PushedChange {
  readonly before: string;
  readonly after: string;
}

const askTheServer: WantedState = { commit: null, deleted: false };

/**
 * Returns the desired state of a ref after a push event. Deliveries arrive in any order and have no sequence number, but a
 * push whose `before` is the desired commit can only be the next one. In every other case the sync uses the server's commit,
 * so that late, missing and repeated deliveries all converge on its state (P3).
 *
 * @param current null where the ref is not known yet; even a deletion is remembered then, for the pushes before it may be
 *   on their way
 * @returns null when nothing changes
 */
export function wantedAfterPush(current: WantedState | null, push: PushedChange): WantedState | null {
  const pushed: WantedState = isZeroId(push.after)
    ? { commit: null, deleted: true }
    : { commit: push.after, deleted: false };
  if (current === null) return pushed;
  if (current.deleted === pushed.deleted && current.commit === pushed.commit) return null;
  const follows = current.deleted ? isZeroId(push.before) : current.commit === push.before;
  return follows ? pushed : askTheServer;
}

/** Servers send an id of zeros, of either hash length: `before` for a created ref, `after` for a deleted one. */
function isZeroId(id: string): boolean {
  return /^0+$/.test(id);
}
