/** The server's time. Tests move it forward to see tokens expire; nothing here reads `Date.now()` directly. */
export class Clock {
  private offsetMs = 0;

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  /** Seconds since 1970, as JWT claims carry them. */
  seconds(): number {
    return Math.floor(this.now().getTime() / 1000);
  }

  /** GitHub's timestamps have no fraction: `2026-01-31T10:00:00Z`. */
  timestamp(): string {
    return toTimestamp(this.now());
  }

  advance(seconds: number): void {
    this.offsetMs += seconds * 1000;
  }
}

export function toTimestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
