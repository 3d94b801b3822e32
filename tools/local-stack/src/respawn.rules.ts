const WINDOW_MS = 60_000;
const FIRST_DELAY_MS = 250;
const MOST_IN_WINDOW = 6;

/** How long to wait before a service that died is started again; null: it died too often within a minute. */
export function respawnDelay(deaths: readonly number[], now: number): number | null {
  const recent = deaths.filter((at) => now - at < WINDOW_MS).length;
  return recent > MOST_IN_WINDOW ? null : FIRST_DELAY_MS * 2 ** Math.max(0, recent - 1);
}
