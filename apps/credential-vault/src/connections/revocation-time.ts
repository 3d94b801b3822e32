import { setTimeout as wait } from 'node:timers/promises';

/** How long a deletion here waits for the server; the revocation there goes on after. */
const REVOCATION_MS = 5_000;

export async function withinRevocationTime(revocation: Promise<unknown>): Promise<void> {
  await Promise.race([revocation, wait(REVOCATION_MS, undefined, { ref: false })]);
}
