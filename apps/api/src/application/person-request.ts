import type { Actor } from '@reunite/contracts';
import type { Caller } from '../auth/caller.js';

/** How long a person waits for the server to take a write. */
export const WRITE_PATIENCE_MS = 60_000;

/** A worker that comes to it later than this does nothing: there would be no time left to wait for its answer. */
const START_WITHIN_MS = 30_000;

/** For whom a job writes, and until when it is begun. */
export function forPerson({ subject, name }: Caller): { actor: Actor; deadline: string } {
  return { actor: { subject, name }, deadline: new Date(Date.now() + START_WITHIN_MS).toISOString() };
}
