import { isCoded } from '@reunite/contracts';
import { ConnectionBreaker } from './connection-breaker.js';
import type { BreakerSettings } from './connection-breaker.js';
import { ConnectionPausedError } from './connection-paused.error.js';
import { FairShares } from './fair-shares.js';
import type { JobOwner, ShareSettings } from './fair-shares.js';

export interface FairnessSettings {
  /** Finds the owner of a job by its payload. Null: the job belongs to no connection, or its row is deleted. */
  readonly ownerOf: (payload: unknown) => Promise<JobOwner | null>;
  /** True for an error that shows that the connection's server is down or does not answer as a GHES. */
  readonly isServerFailure: (error: unknown) => boolean;
  /** A connection is slow while one of its jobs runs longer than this, in milliseconds. Default: 3,000. */
  readonly slowAfterMs?: number;
  /** Shares of queues that differ from the default, see {@link defaultShares}. */
  readonly shares?: Readonly<Record<string, Partial<Omit<ShareSettings, 'slowAfterMs'>>>>;
  readonly breaker?: BreakerSettings;
}

/** The job has no slot now, or its handler postpones it before it has done anything. It runs after `until`. Spends no attempt. */
export class DeferredError extends Error {
  constructor(readonly until: Date) {
    super(`Deferred until ${until.toISOString()}.`);
  }
}

interface FairJob {
  readonly queue: string;
  /** True if a caller waits: on a paused connection, the job fails instead of waiting. */
  readonly interactive: boolean;
}

/** Errors that the client of a server raises without an answer of the server. */
const OWN_ERRORS: ReadonlySet<string> = new Set(['ghes-cancelled', 'ghes-busy', 'ghes-blocked-address']);

const DEFAULT_SLOW_AFTER_MS = 3_000;

/** Half of a queue's slots for one connection or organization, half for all slow connections together; at least one. */
export function defaultShares(slots: number): Omit<ShareSettings, 'slowAfterMs'> {
  const half = Math.max(1, Math.floor(slots / 2));
  return { perConnection: half, perOrganization: half, slow: half };
}

/** Runs jobs within the shares of their connection; one instance per process. */
export class Fairness {
  private readonly breaker: ConnectionBreaker;
  private readonly shares = new Map<string, FairShares>();

  constructor(
    private readonly settings: FairnessSettings,
    private readonly slotsOf: (queue: string) => number,
  ) {
    this.breaker = new ConnectionBreaker(settings.breaker);
  }

  /**
   * @throws DeferredError if the connection uses its share already
   * @throws ConnectionPausedError if the job is interactive and the server of its connection keeps failing
   */
  async run<Result>(job: FairJob, payload: unknown, handle: () => Promise<Result>): Promise<Result> {
    const owner = await this.settings.ownerOf(payload);
    if (!owner) return handle();
    const paused = this.breaker.openUntil(owner.connectionId, Date.now());
    if (paused && job.interactive) throw new ConnectionPausedError(paused.since, paused.until);
    const admission = this.sharesOf(job.queue).admit(owner, Date.now());
    if ('until' in admission) throw new DeferredError(admission.until);
    try {
      const result = await handle();
      this.breaker.recordSuccess(owner.connectionId);
      return result;
    } catch (error) {
      this.record(owner, error);
      throw error;
    } finally {
      admission.release();
    }
  }

  /** An error response proves that the server answers, so it closes the breaker. Errors of our own do not change it. */
  private record({ connectionId }: JobOwner, error: unknown): void {
    if (this.settings.isServerFailure(error)) this.breaker.recordFailure(connectionId, Date.now());
    else if (isCoded(error) && error.code.startsWith('ghes') && !OWN_ERRORS.has(error.code))
      this.breaker.recordSuccess(connectionId);
  }

  private sharesOf(queue: string): FairShares {
    let shares = this.shares.get(queue);
    if (!shares) {
      const { slowAfterMs = DEFAULT_SLOW_AFTER_MS, shares: own } = this.settings;
      shares = new FairShares({ ...defaultShares(this.slotsOf(queue)), ...own?.[queue], slowAfterMs }, this.breaker);
      this.shares.set(queue, shares);
    }
    return shares;
  }
}
