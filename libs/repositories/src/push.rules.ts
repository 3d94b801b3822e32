export interface WantedState {
  /** null: whatever the server says when the sync runs. */
  readonly commit: string | null;
  readonly deleted: boolean;
}

export interface PushedChange {
  readonly before: string;
  readonly after: string;
}

const askTheServer: WantedState = { commit: null, deleted: false };

/**
 * What is wanted of a ref after a push event. Deliveries arrive in any order, and nothing in them tells which of two is
 * newer; but a push whose `before` is what we want already can only be the next one. In every other case the server is
 * asked, so that late, missing and repeated deliveries all lead to its present state (P3).
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
