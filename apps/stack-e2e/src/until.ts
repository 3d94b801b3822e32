const POLL_MS = 100;

/**
 * Asks again and again until `probe` answers something, and gives that back. A probe that throws counts as "not yet";
 * its last error is told when the time is over.
 */
export async function until<Answer>(
  what: string,
  probe: () => Promise<Answer | null | undefined | false>,
  timeoutMs = 30_000,
): Promise<Answer> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await probe();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`${what}: not within ${timeoutMs / 1000} s`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
