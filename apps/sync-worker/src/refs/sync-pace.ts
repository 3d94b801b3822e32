import { DeferredError } from '@reunite/queueing';
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Extra syncs of a ref: a few pushes that follow each other are synced at once. */
const EXTRA_SYNCS = 2;
/** Time after which a ref has its extra syncs again, in intervals. */
const EXTRA_INTERVALS = 5;

/**
 * Limits the syncs of each ref in this process. While a ref is pushed to continuously, one sync per interval answers all of
 * its deliveries. A deferred sync asks the server when it runs, so that it is not outdated.
 */
export class SyncPace {
  private readonly limiter: BurstyRateLimiter;

  /** @param intervalSeconds between two syncs of a ref that is pushed to continuously */
  constructor(intervalSeconds: number) {
    this.limiter = new BurstyRateLimiter(
      new RateLimiterMemory({ points: 1, duration: intervalSeconds }),
      new RateLimiterMemory({ keyPrefix: 'extra', points: EXTRA_SYNCS, duration: EXTRA_INTERVALS * intervalSeconds }),
    );
  }

  /** Counts a sync. @throws DeferredError if the ref was synced too often in the last interval */
  async start(refId: string): Promise<void> {
    try {
      await this.limiter.consume(refId);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      throw new DeferredError(new Date(Date.now() + error.msBeforeNext));
    }
  }
}
