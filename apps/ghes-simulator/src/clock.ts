/** The server's clock. Tests advance it to let tokens expire, so no other code reads `Date.now()`. */
export class Clock {
  private offsetMs = 0;

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  /** Seconds since 1970, as JWT claims carry them. */
  seconds(): number {
    return Math.floor(this.now().getTime() / 1000);
  }

  /** A timestamp in GitHub's format, without fraction: `2026-01-31T10:00:00Z`. */
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
