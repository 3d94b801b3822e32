import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { CallRateLimitedError } from './rate-limited.error.js';

/** Maximum number of calls per second, by service or by organization, so that none takes the vault from the others. */
export class CallRateLimit {
  private readonly limiter: RateLimiterMemory;
  /** Rejected calls that no error has reported yet. */
  private readonly unreported = new Map<string, number>();

  /** @param kind names the key in messages */
  constructor(
    private readonly kind: 'Service' | 'Organization',
    private readonly callsPerSecond: number,
  ) {
    this.limiter = new RateLimiterMemory({ points: callsPerSecond, duration: 1 });
  }

  /** @throws CallRateLimitedError once the calls of this second are used up */
  async consume(key: string): Promise<void> {
    try {
      await this.limiter.consume(key);
    } catch (result) {
      if (!(result instanceof RateLimiterRes)) throw result;
      const message = `${this.kind} ${key} makes more than ${this.callsPerSecond} calls per second.`;
      throw new CallRateLimitedError(message, this.countRejection(key, result.consumedPoints));
    }
  }

  /** The first rejection of each second reports those since the last report: a flood must not fill the audit. */
  private countRejection(key: string, consumedPoints: number): number {
    const rejected = (this.unreported.get(key) ?? 0) + 1;
    const isFirst = consumedPoints === this.callsPerSecond + 1;
    if (isFirst) this.unreported.delete(key);
    else this.unreported.set(key, rejected);
    return isFirst ? rejected : 0;
  }
}
