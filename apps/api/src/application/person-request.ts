import type { Actor } from '@reunite/contracts';
import type { Caller } from '../auth/caller.js';

/** How long a person waits for the server to take a write. */
export const WRITE_PATIENCE_MS = 60_000;

/** For whom a job writes, and until when they wait for it. */
export function forPerson({ subject, name }: Caller): { actor: Actor; deadline: string } {
  return { actor: { subject, name }, deadline: new Date(Date.now() + WRITE_PATIENCE_MS).toISOString() };
}
