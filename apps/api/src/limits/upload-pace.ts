/** The time that an upload may take. */
export interface UploadPace {
  /** Time for a body of any size. */
  readonly graceMs: number;
  /** Bytes that give a sender one second more. */
  readonly bytesPerSecond: number;
}

/** @param bytes received so far */
export function isTooSlow({ graceMs, bytesPerSecond }: UploadPace, elapsedMs: number, bytes: number): boolean {
  return elapsedMs > graceMs + (bytes / bytesPerSecond) * 1_000;
}

/** The time within which every upload of at most `maxBytes` ends. */
export function longestUploadMs({ graceMs, bytesPerSecond }: UploadPace, maxBytes: number): number {
  return graceMs + Math.ceil(maxBytes / bytesPerSecond) * 1_000;
}
