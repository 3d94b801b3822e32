import { CallerLimitedError } from './caller-limited.error.js';

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** How many calls a service may make a second, so that one that runs wild does not take the vault from the others. */
export class CallerLimit {
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly callsPerSecond: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Lets a burst of one second through. @throws CallerLimitedError */
  take(caller: string): void {
    const now = this.now();
    const bucket = this.#buckets.get(caller) ?? { tokens: this.callsPerSecond, filledAt: now };
    const gained = ((now - bucket.filledAt) / 1_000) * this.callsPerSecond;
    bucket.tokens = Math.min(this.callsPerSecond, bucket.tokens + gained);
    bucket.filledAt = now;
    this.#buckets.set(caller, bucket);
    if (bucket.tokens < 1) {
      throw new CallerLimitedError(`Service ${caller} calls more often than ${this.callsPerSecond} times a second.`);
    }
    bucket.tokens -= 1;
  }
}
