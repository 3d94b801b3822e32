import type { CommitStatus } from './commit-status.rules.js';

/** A status as the server shows it. `context` is compared with its case, although the server ignores it. */
export type SentStatus = Omit<CommitStatus, 'commit'>;

/** A status of the outbox that was not sent yet. */
export interface UnsentStatus extends SentStatus {
  readonly sequence: number;
}

/** The statuses that a server has of one commit and context. */
export interface SentBefore {
  readonly count: number;
  readonly latest: SentStatus | null;
}

/** A server accepts this many statuses per commit and context: https://docs.github.com/en/rest/commits/statuses */
export const STATUS_LIMIT = 1_000;
/** From this count on only statuses with another, final state are sent, so that the final status still fits. */
const RESERVE_FROM = 900;

export interface SortedStatuses {
  /** Oldest first. */
  readonly send: readonly UnsentStatus[];
  /** Statuses that need not be sent, and why. */
  readonly leave: readonly { readonly sequence: number; readonly outcome: string }[];
}

/**
 * Chooses which statuses of one commit and context are sent.
 *
 * @param unsent oldest first
 * @param late an outage delayed them: only the latest is sent
 */
export function sortStatuses(unsent: readonly UnsentStatus[], before: SentBefore, late: boolean): SortedStatuses {
  const send: UnsentStatus[] = [];
  const leave: { sequence: number; outcome: string }[] = [];
  let { count, latest } = before;
  for (const [index, status] of unsent.entries()) {
    const superseded = late && index < unsent.length - 1;
    const outcome = superseded ? 'superseded' : reasonToLeave(status, count, latest);
    if (outcome !== null) leave.push({ sequence: status.sequence, outcome });
    else {
      send.push(status);
      latest = status;
      count += 1;
    }
  }
  return { send, leave };
}

function reasonToLeave(status: SentStatus, count: number, latest: SentStatus | null): string | null {
  if (latest && isSame(status, latest)) return 'unchanged';
  if (count >= STATUS_LIMIT) return `left out: the server accepts ${STATUS_LIMIT} statuses`;
  if (count >= RESERVE_FROM && (status.state === 'pending' || status.state === latest?.state)) {
    return 'left out: reserved for the final status';
  }
  return null;
}

function isSame(one: SentStatus, other: SentStatus): boolean {
  const fields = ['context', 'state', 'description', 'targetUrl'] as const;
  return fields.every((field) => one[field] === other[field]);
}
