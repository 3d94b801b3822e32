import { CallerLimitedError } from './caller-limited.error.js';

interface Bucket {
  tokens: number;
  filledAt: number;
  refused: number;
  toldAt: number;
}

/** One record of so many refusals a second: the audit must not be what a service that runs wild takes down. */
const TOLD_EVERY_MS = 1_000;

/** How many calls a service may make a second, so that one that runs wild does not take the vault from the others. */
export class CallerLimit {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly callsPerSecond: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Lets a burst of one second through. @throws CallerLimitedError */
  take(caller: string): void {
    const now = this.now();
    const bucket = this.buckets.get(caller) ?? {
      tokens: this.callsPerSecond,
      filledAt: now,
      refused: 0,
      toldAt: -Infinity,
    };
    const gained = ((now - bucket.filledAt) / 1_000) * this.callsPerSecond;
    bucket.tokens = Math.min(this.callsPerSecond, bucket.tokens + gained);
    bucket.filledAt = now;
    this.buckets.set(caller, bucket);
    if (bucket.tokens < 1) {
      const message = `Service ${caller} calls more often than ${this.callsPerSecond} times a second.`;
      throw new CallerLimitedError(message, countRefusal(bucket, now));
    }
    bucket.tokens -= 1;
  }
}

function countRefusal(bucket: Bucket, now: number): number {
  bucket.refused += 1;
  if (now - bucket.toldAt < TOLD_EVERY_MS) return 0;
  const { refused } = bucket;
  bucket.refused = 0;
  bucket.toldAt = now;
  return refused;
}
