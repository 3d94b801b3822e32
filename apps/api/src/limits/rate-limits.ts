import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Caller } from '../auth/caller.js';
import { RateLimitedError } from './rate-limited.error.js';

export interface RateLimitSettings {
  readonly callerPerMinute: number;
  readonly organizationPerMinute: number;
}

/**
 * Requests per minute of each caller and of each organization, over HTTP and gRPC together. Counted in the memory of
 * this process: with several replicas behind a load balancer, each admits the whole limit.
 */
export class RateLimits {
  private readonly callers: RateLimiterMemory;
  private readonly organizations: RateLimiterMemory;

  constructor({ callerPerMinute, organizationPerMinute }: RateLimitSettings) {
    this.callers = new RateLimiterMemory({ points: callerPerMinute, duration: 60 });
    this.organizations = new RateLimiterMemory({ points: organizationPerMinute, duration: 60 });
  }

  /** Counts one request. @throws RateLimitedError */
  async consume({ organizationId, subject }: Caller): Promise<void> {
    await consumeFrom(this.callers, `${organizationId} ${subject}`, 'You have sent too many requests.');
    await consumeFrom(this.organizations, organizationId, 'Your organization has sent too many requests.');
  }
}

async function consumeFrom(limiter: RateLimiterMemory, key: string, message: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw new RateLimitedError(message, Math.max(1, Math.ceil(error.msBeforeNext / 1_000)));
  }
}
