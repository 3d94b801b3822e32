/** The state of a ref after the last question to the server, or the question that is still to be asked. */
export interface DesiredState {
  /** null for the server's commit at the time of the sync. */
  readonly commit: string | null;
  readonly deleted: boolean;
  /**
   * True if a sync is requested that has not asked the server yet: its answer will include what was pushed before now. False
   * after a failure, so that each delivery requests another attempt.
   */
  readonly requested: boolean;
}

export interface PushedChange {
  readonly before: string;
  readonly after: string;
}

/**
 * Returns whether the server must be asked for a ref after a push event. A delivery is only a hint: deliveries arrive
 * in any order, late, twice or forged, they have no sequence number, and a ref may return to an earlier commit. So none
 * of them moves a ref; the sync asks the server (P3). A push to the commit that the server named last needs no
 * question: if the ref moved on since, another delivery reports it.
 *
 * @param current null for a ref that is not tracked
 */
export function needsServerState(current: DesiredState | null, { after }: PushedChange): boolean {
  if (isZeroId(after)) return current !== null && !current.deleted;
  return current === null || current.deleted || current.commit !== after;
}

/** Servers send an id of zeros, of either hash length, as `after` of a deleted ref. */
function isZeroId(id: string): boolean {
  return /^0+$/.test(id);
}
