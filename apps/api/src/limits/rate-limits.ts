import type { RedisClient } from '@reunite/queueing';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Caller } from '../auth/caller.js';
import { RateLimitedError } from './rate-limited.error.js';

type Limiter = Pick<RateLimiterMemory, 'consume'>;

export interface RateLimitSettings {
  readonly callerPerMinute: number;
  readonly organizationPerMinute: number;
}

/**
 * Requests per minute of each caller and of each organization, over HTTP and gRPC together. Counted in Redis, for all
 * replicas together. Without Redis, and while it is unavailable, they are counted in the memory of this process: each
 * replica then admits the whole limit.
 */
export class RateLimits {
  private readonly callers: Limiter;
  private readonly organizations: Limiter;

  constructor({ callerPerMinute, organizationPerMinute }: RateLimitSettings, redis: RedisClient | null) {
    this.callers = limiterOf('caller', callerPerMinute, redis);
    this.organizations = limiterOf('organization', organizationPerMinute, redis);
  }

  /** Counts one request. @throws RateLimitedError */
  async consume({ organizationId, subject }: Caller): Promise<void> {
    await consumeFrom(this.callers, `${organizationId} ${subject}`, 'You have sent too many requests.');
    await consumeFrom(this.organizations, organizationId, 'Your organization has sent too many requests.');
  }
}

function limiterOf(name: string, points: number, redis: RedisClient | null): Limiter {
  const memory = new RateLimiterMemory({ points, duration: 60 });
  if (redis === null) return memory;
  return new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: `rate:${name}`,
    points,
    duration: 60,
    // A caller that exceeded the limit costs no more commands until it may call again.
    inMemoryBlockOnConsumed: points,
    insuranceLimiter: memory,
  });
}

async function consumeFrom(limiter: Limiter, key: string, message: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw new RateLimitedError(message, Math.max(1, Math.ceil(error.msBeforeNext / 1_000)));
  }
}
