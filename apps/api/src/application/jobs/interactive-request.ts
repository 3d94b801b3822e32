import type { Actor } from '@reunite/contracts';
import type { Caller } from '../../auth/caller.js';

/** Longest wait for the server to accept a write. */
export const WRITE_TIMEOUT_MS = 60_000;

/** A worker that starts later does nothing, because no time would be left for the response. */
const START_WITHIN_MS = 30_000;

/** The actor of an interactive job, and the deadline for its start. */
export function interactive({ subject, name }: Caller): { actor: Actor; deadline: string } {
  return { actor: { subject, name }, deadline: new Date(Date.now() + START_WITHIN_MS).toISOString() };
}
