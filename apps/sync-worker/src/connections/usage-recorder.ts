import { storeUsage } from '@reunite/connections';
import type { ConnectionUsage } from '@reunite/connections';
import { Repeating } from '@reunite/concurrency';
import { rateLimitLeft } from '@reunite/ghes-client';
import type { ObservedResponse } from '@reunite/ghes-client';
import type { DataSource } from 'typeorm';

/** A server can answer a thousand times a second: one write covers all responses of this time, in ms. */
const INTERVAL_MS = 10_000;

/** Records when servers last answered, and what is left of their rate limits. A crash loses the last seconds. */
export class UsageRecorder {
  private pending = new Map<string, ConnectionUsage>();
  private readonly repeating: Repeating;

  constructor(
    private readonly dataSource: DataSource,
    private readonly onError: (error: unknown) => void,
  ) {
    this.repeating = new Repeating(() => this.flush(), { intervalMs: INTERVAL_MS, onError });
    this.repeating.start();
  }

  record(connectionId: string, { status, headers, quota }: ObservedResponse): void {
    const now = new Date();
    const previous = this.pending.get(connectionId);
    // Other quotas, such as that of a user, do not limit the app.
    const left = quota?.startsWith('core installation:') ? rateLimitLeft(headers) : null;
    const current = left === null ? null : { ...left, readAt: now };
    this.pending.set(connectionId, {
      connectionId,
      lastSuccessAt: status < 400 ? now : (previous?.lastSuccessAt ?? null),
      rateLimit: smallerShare(previous?.rateLimit ?? null, current),
    });
  }

  /** Writes what was recorded since the last write. */
  async flush(): Promise<void> {
    const usages = [...this.pending.values()];
    this.pending = new Map();
    if (usages.length > 0) await storeUsage(this.dataSource.manager, usages);
  }

  async close(): Promise<void> {
    await this.repeating.stop();
    await this.flush().catch(this.onError);
  }
}

type RateLimit = ConnectionUsage['rateLimit'];

/** Installations of one app have quotas of their own; the one that ends first is shown. */
function smallerShare(one: RateLimit, other: RateLimit): RateLimit {
  if (one === null || other === null) return one ?? other;
  return other.remaining / other.limit <= one.remaining / one.limit ? other : one;
}
