import { Batcher } from '@reunite/concurrency';
import type { jobs, PayloadOf } from '@reunite/contracts';
import type { DeliveryRepository, PendingDelivery } from '@reunite/deliveries';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { InboxBatch, InboxBatches } from './inbox-batches.js';

/** Deliveries of one connection per turn. */
const BATCH = 64;
/** Deliveries of all connections per turn, and their bytes: each connection gets an equal share. */
const TURN = 512;
const TURN_BYTES = 16 * 1024 * 1024;
/** Connections that are processed separately at the same time. Beyond that, turns wait. */
const MAX_SEPARATE = 64;
/** Time after which the job ends and enqueues itself again, so that other jobs run, in milliseconds. */
const JOB_MS = 500;
/**
 * Shortest time between two turns without a backlog, in milliseconds: a turn costs the same for one delivery and for many.
 * Also the time for which the job waits for further deliveries before it ends.
 */
const PAUSE_MS = 8;
/** Deliveries of this age, in milliseconds, are read every {@link OLD_CHECK_MS} only: each partition costs a lookup. */
const RECENT_MS = 3 * 24 * 60 * 60 * 1_000;
const OLD_CHECK_MS = 60_000;

/**
 * Processes the pending deliveries of one shard. The jobs of all shards that run in this process share turns: each turn
 * applies the deliveries of many connections in one transaction. Safe to run twice, also at the same time: a turn claims its
 * rows and marks them in the transaction of their effects (P2). The sweeper repeats a lost wake-up.
 */
export class ProcessInboxHandler implements JobHandler<typeof jobs.processInbox> {
  private readonly turns = new Batcher<number, number>((shards) => this.turn([...new Set(shards)], shards), {
    maxItems: 64,
  });
  private readonly oldCheckedAt = new Map<number, number>();
  /** Separate batches that run, by connection. One that waits for a lock may outlast the job that started it. */
  private readonly running = new Map<string, { readonly shard: number; readonly done: Promise<void> }>();
  /** The last connection of each shard that had its turn. */
  private readonly lastConnections = new Map<number, string>();

  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly batches: InboxBatches,
    /** Enqueues the job of a shard again. */
    private readonly wake: (shard: number) => Promise<void>,
  ) {}

  async handle({ shard }: PayloadOf<typeof jobs.processInbox>, { signal }: JobRun): Promise<null> {
    const endsAt = Date.now() + JOB_MS;
    let lingers = true;
    while (!signal.aborted && Date.now() < endsAt) {
      const startedAt = Date.now();
      const count = await this.turns.add(shard);
      const isIdle = count === 0 && ![...this.running.values()].some((one) => one.shard === shard);
      if (isIdle && !lingers) return null;
      lingers = !isIdle;
      if (count < BATCH) await pause(startedAt + PAUSE_MS - Date.now());
    }
    if (signal.aborted) await Promise.all([...this.running.values()].map(({ done }) => done));
    else await this.wake(shard);
    return null;
  }

  /** @returns the number of pending deliveries, for each job */
  private async turn(shards: readonly number[], jobShards: readonly number[]): Promise<number[]> {
    const pending = await this.pending(shards);
    const batches = this.share(pending);
    if (batches.length > 0) for (const batch of await this.batches.processTogether(batches)) this.runSeparately(batch);
    return jobShards.map((shard) => pending.filter((delivery) => delivery.shard === shard).length);
  }

  private async pending(shards: readonly number[]): Promise<PendingDelivery[]> {
    if (this.running.size >= MAX_SEPARATE) return [];
    const now = Date.now();
    const checksOld = shards.some((shard) => now - (this.oldCheckedAt.get(shard) ?? 0) > OLD_CHECK_MS);
    if (checksOld) for (const shard of shards) this.oldCheckedAt.set(shard, now);
    return this.deliveries.pending({
      shards,
      since: checksOld ? null : new Date(now - RECENT_MS),
      exceptConnections: [...this.running.keys()],
      exceptDeliveries: this.batches.postponed(),
      lastConnections: this.lastConnections,
      perConnection: BATCH,
      limit: TURN,
    });
  }

  /** Divides a turn between the connections that have deliveries. Those that had their turn last come last. */
  private share(pending: readonly PendingDelivery[]): InboxBatch[] {
    const byConnection = new Map<string, PendingDelivery[]>();
    for (const delivery of pending) {
      const { connectionId } = delivery;
      const others = byConnection.get(connectionId);
      if (others) others.push(delivery);
      else byConnection.set(connectionId, [delivery]);
    }
    const share = Math.max(1, Math.floor(TURN / byConnection.size));
    const hadTurn = ([first]: readonly PendingDelivery[]) =>
      first && first.connectionId <= (this.lastConnections.get(first.shard) ?? '') ? 1 : 0;
    const inOrder = [...byConnection.values()].sort((a, b) => hadTurn(a) - hadTurn(b));
    const batches: InboxBatch[] = [];
    let bytes = 0;
    for (const deliveries of inOrder.slice(0, TURN)) {
      const taken = deliveries.slice(0, share).filter(({ size }, index) => {
        bytes += size;
        return bytes <= TURN_BYTES || (index === 0 && batches.length === 0);
      });
      const [first] = taken;
      if (!first) break;
      const { shard, connectionId } = first;
      this.lastConnections.set(shard, connectionId);
      batches.push({
        shard,
        connectionId,
        ids: taken.map(({ id }) => id),
        events: taken.map(({ event }) => event),
      });
    }
    return batches;
  }

  private runSeparately(batch: InboxBatch): void {
    const { shard, connectionId } = batch;
    const done = this.batches.processSeparately(batch).finally(() => this.running.delete(connectionId));
    this.running.set(connectionId, { shard, done });
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
