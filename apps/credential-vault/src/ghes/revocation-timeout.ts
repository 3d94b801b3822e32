import pTimeout from 'p-timeout';

/** Maximum time in ms that a deletion waits for revocations on the server. They continue in the background. */
const REVOCATION_MS = 5_000;

export async function withinRevocationTime(revocation: Promise<unknown>): Promise<void> {
  await pTimeout(revocation, { milliseconds: REVOCATION_MS, fallback: () => undefined });
}
