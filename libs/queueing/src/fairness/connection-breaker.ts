import { LRUCache } from 'lru-cache';

/** Limits after which a connection's jobs pause. All times in milliseconds. */
export interface BreakerSettings {
  /** Consecutive failures of the server that open the breaker. Default: 3. */
  readonly failuresToOpen: number;
  /** First pause; doubles with each failed probe. Default: 5,000. */
  readonly pauseMs: number;
  /** Longest pause. Default: 300,000. */
  readonly longestPauseMs: number;
}

export const DEFAULT_BREAKER: BreakerSettings = { failuresToOpen: 3, pauseMs: 5_000, longestPauseMs: 300_000 };

/** Failing connections that are remembered; the one that failed longest ago is forgotten first. */
const MAX_CONNECTIONS = 10_000;

interface Failures {
  readonly count: number;
  readonly since: Date;
  readonly openUntil: number;
}

/**
 * Circuit breaker per connection: the jobs of a server that keeps failing pause for a while, so that they do not occupy
 * the slots of others. After the pause one job probes the server; its success closes the breaker.
 */
export class ConnectionBreaker {
  private readonly failing = new LRUCache<string, Failures>({ max: MAX_CONNECTIONS });

  constructor(private readonly settings: BreakerSettings = DEFAULT_BREAKER) {}

  /** Returns when the connection may be tried again and since when it fails, or null while the breaker is closed. */
  openUntil(connectionId: string, now: number): { readonly until: Date; readonly since: Date } | null {
    const failures = this.failing.get(connectionId);
    return failures && failures.openUntil > now ? { until: new Date(failures.openUntil), since: failures.since } : null;
  }

  /** True from the first failure until the next success, also while a probe runs. */
  isFailing(connectionId: string): boolean {
    return this.failing.has(connectionId);
  }

  recordSuccess(connectionId: string): void {
    this.failing.delete(connectionId);
  }

  recordFailure(connectionId: string, now: number): void {
    const { failuresToOpen, pauseMs, longestPauseMs } = this.settings;
    const { count = 0, since = new Date(now) } = this.failing.get(connectionId) ?? {};
    const beyond = count + 1 - failuresToOpen;
    const pause = beyond < 0 ? 0 : Math.min(longestPauseMs, pauseMs * 2 ** beyond);
    this.failing.set(connectionId, { count: count + 1, since, openUntil: now + pause });
  }
}
