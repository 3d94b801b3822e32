import { LRUCache } from 'lru-cache';
import type { ConnectionBreaker } from './connection-breaker.js';

/** The connection and organization that a job works for. */
export interface JobOwner {
  readonly connectionId: string;
  readonly organizationId: string;
  /** True once the connection's server has answered before. */
  readonly proven: boolean;
}

/** Shares of the slots of one queue in one process. */
export interface ShareSettings {
  /** Slots that one connection, and one organization, may use. */
  readonly perConnection: number;
  readonly perOrganization: number;
  /** Slots that all slow connections may use together; a slow connection has one at most. */
  readonly slow: number;
  /**
   * A connection is slow while one of its jobs runs longer than this, in milliseconds, while its last job failed at the
   * server, and until its server has answered for the first time.
   */
  readonly slowAfterMs: number;
}

/** A job gets a slot, or the time at which to try again. */
export type Admission = { readonly release: () => void } | { readonly until: Date };

interface Running {
  readonly owner: JobOwner;
  readonly startedAt: number;
}

const FIRST_DEFERRAL_MS = 100;
/** Deferred jobs of one connection return one after the other, so that thousands of them do not return at once. */
const DEFERRAL_SPACING_MS = 20;
const LONGEST_DEFERRAL_MS = 60_000;
/** Connections whose deferrals are remembered; a forgotten one starts at its first deferral again. */
const MAX_CONNECTIONS = 10_000;

/**
 * Divides the slots of one queue between connections and organizations: a tenant whose server never answers, or that
 * queues thousands of jobs, leaves slots to the others (P8). BullMQ's groups do this in its commercial edition only.
 */
export class FairShares {
  private readonly running = new Set<Running>();
  private readonly nextDeferral = new LRUCache<string, number>({ max: MAX_CONNECTIONS });

  constructor(
    private readonly settings: ShareSettings,
    private readonly breaker: ConnectionBreaker,
  ) {}

  /** Admits a job of `owner`, or defers it. A released slot is free at once. */
  admit(owner: JobOwner, now: number): Admission {
    const { connectionId } = owner;
    const open = this.breaker.openUntil(connectionId, now);
    if (open) return { until: this.deferral(connectionId, open.until.getTime()) };
    if (!this.hasRoom(owner, now)) return { until: this.deferral(connectionId, now + FIRST_DEFERRAL_MS) };
    const entry = { owner, startedAt: now };
    this.running.add(entry);
    return {
      release: () => {
        this.running.delete(entry);
        if (this.count((other) => other.owner.connectionId === connectionId) === 0)
          this.nextDeferral.delete(connectionId);
      },
    };
  }

  private hasRoom(owner: JobOwner, now: number): boolean {
    const { connectionId, organizationId } = owner;
    const { perConnection, perOrganization, slow } = this.settings;
    const ofConnection = this.count((other) => other.owner.connectionId === connectionId);
    if (this.isSlow(owner, now)) {
      const ofSlow = this.count((other) => this.isSlow(other.owner, now));
      return ofConnection === 0 && ofSlow < slow;
    }
    const ofOrganization = this.count((other) => other.owner.organizationId === organizationId);
    return ofConnection < perConnection && ofOrganization < perOrganization;
  }

  private isSlow({ connectionId, proven }: JobOwner, now: number): boolean {
    if (!proven || this.breaker.isFailing(connectionId)) return true;
    const longestStart = now - this.settings.slowAfterMs;
    return this.count(({ owner, startedAt }) => owner.connectionId === connectionId && startedAt < longestStart) > 0;
  }

  /** At most as many entries as the queue has slots: counting them is simpler than maintaining counters. */
  private count(matches: (entry: Running) => boolean): number {
    let count = 0;
    for (const entry of this.running) if (matches(entry)) count += 1;
    return count;
  }

  private deferral(connectionId: string, earliest: number): Date {
    const next = Math.max(earliest, (this.nextDeferral.get(connectionId) ?? 0) + DEFERRAL_SPACING_MS);
    const at = next > earliest + LONGEST_DEFERRAL_MS ? earliest : next;
    this.nextDeferral.set(connectionId, at);
    return new Date(at);
  }
}
