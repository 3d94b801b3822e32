const WINDOW_MS = 60_000;
const FIRST_DELAY_MS = 250;
const MAX_EXITS_IN_WINDOW = 6;

/** Delay in ms before a process is restarted; null after too many exits within a minute. */
export function respawnDelay(exits: readonly number[], now: number): number | null {
  const recent = exits.filter((at) => now - at < WINDOW_MS).length;
  return recent > MAX_EXITS_IN_WINDOW ? null : FIRST_DELAY_MS * 2 ** Math.max(0, recent - 1);
}
