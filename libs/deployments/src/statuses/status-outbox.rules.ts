import type { CommitState } from '@reunite/contracts';

/** What a status says. */
export interface SaidStatus {
  /** As it is written; to the server another case is the same one. */
  readonly context: string;
  readonly state: CommitState;
  readonly description: string;
  readonly targetUrl: string | null;
}

export interface OpenStatus extends SaidStatus {
  readonly sequence: number;
}

/** What the server holds of one commit and context. */
export interface SentBefore {
  readonly count: number;
  readonly last: SaidStatus | null;
}

/** A server takes this many statuses per commit and context: https://docs.github.com/en/rest/commits/statuses */
export const STATUS_LIMIT = 1_000;
/** From here on only what changes the state is said, so that there is room for the last word. */
const SPARING_FROM = 900;

/** A server keeps this many characters of a description; the client cuts the same way. */
const LONGEST_DESCRIPTION = 140;

/** A description as the server will have it, so that two of them that it shows alike are alike. */
export function cutDescription(description: string): string {
  const characters = Array.from(description);
  if (characters.length <= LONGEST_DESCRIPTION) return description;
  return `${characters.slice(0, LONGEST_DESCRIPTION - 1).join('')}…`;
}

export interface SortedStatuses {
  /** In their order. */
  readonly send: readonly OpenStatus[];
  readonly leave: readonly { readonly sequence: number; readonly outcome: string }[];
}

/**
 * Chooses what of the open statuses of one commit and context is sent.
 *
 * @param open oldest first
 * @param late the server was away, or we were: then only the last word is of use
 */
export function sortStatuses(open: readonly OpenStatus[], before: SentBefore, late: boolean): SortedStatuses {
  const send: OpenStatus[] = [];
  const leave: { sequence: number; outcome: string }[] = [];
  let { count, last } = before;
  for (const [index, status] of open.entries()) {
    const outcome =
      late && index < open.length - 1
        ? 'superseded'
        : isSame(status, last)
          ? 'unchanged'
          : leftOut(status, count, last);
    if (outcome !== null) leave.push({ sequence: status.sequence, outcome });
    else {
      send.push(status);
      last = status;
      count += 1;
    }
  }
  return { send, leave };
}

function leftOut({ state }: SaidStatus, count: number, last: SaidStatus | null): string | null {
  if (count >= STATUS_LIMIT) return `left out: the server takes ${STATUS_LIMIT} statuses`;
  if (count >= SPARING_FROM && (state === 'pending' || state === last?.state))
    return 'left out: room for the last word';
  return null;
}

function isSame(one: SaidStatus, other: SaidStatus | null): boolean {
  const fields = ['context', 'state', 'description', 'targetUrl'] as const;
  return other !== null && fields.every((field) => one[field] === other[field]);
}
