import type { jobs, PayloadOf } from '@reunite/contracts';
import type { DeliveryRepository, PendingDelivery } from '@reunite/deliveries';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { InboxBatches } from './inbox-batches.js';

/**
 * Connections of a shard that are processed at the same time: one that waits for a lock does not hold up the others.
 */
const CONNECTIONS_AT_ONCE = 8;
/** Deliveries of one connection per batch. */
const BATCH = 64;
/** A batch with larger payloads is shorter. */
const BATCH_BYTES = 8 * 1024 * 1024;
/** Time after which the job ends and enqueues itself again, so that other shards run, in milliseconds. */
const TURN_MS = 500;
/** Time for which the job waits for further deliveries before it ends, in milliseconds. */
const LINGER_MS = 8;
/** Deliveries of this age, in milliseconds, are read every {@link OLD_CHECK_MS} only: each partition costs a lookup. */
const RECENT_MS = 3 * 24 * 60 * 60 * 1_000;
const OLD_CHECK_MS = 60_000;

/**
 * Processes the pending deliveries of one shard, in batches per connection. Safe to run twice, also at the same time: a
 * batch claims its rows and marks them in the transaction of their effects (P2). The sweeper repeats a lost wake-up.
 */
export class ProcessInboxHandler implements JobHandler<typeof jobs.processInbox> {
  private readonly oldCheckedAt = new Map<number, number>();
  /** Running batches of each shard, by connection. One that waits for a lock may outlast the job that started it. */
  private readonly running = new Map<number, Map<string, Promise<void>>>();
  /** The last connection of each shard that had its turn. */
  private readonly lastConnections = new Map<number, string>();

  constructor(
    private readonly deliveries: DeliveryRepository,
    private readonly batches: InboxBatches,
    /** Enqueues the job of a shard again. */
    private readonly wake: (shard: number) => Promise<void>,
  ) {}

  async handle({ shard }: PayloadOf<typeof jobs.processInbox>, { signal }: JobRun): Promise<null> {
    const endsAt = Date.now() + TURN_MS;
    const busy = this.running.get(shard) ?? new Map<string, Promise<void>>();
    this.running.set(shard, busy);
    let lingers = true;
    while (!signal.aborted && Date.now() < endsAt) {
      const started = this.startBatches(shard, await this.pending(shard, [...busy.keys()]), busy);
      if (started > 0) lingers = true;
      else if (busy.size === 0 && !lingers) return null;
      if (busy.size > 0) await Promise.race([...busy.values(), pause(LINGER_MS)]);
      else {
        await pause(LINGER_MS);
        lingers = false;
      }
    }
    if (signal.aborted) await Promise.all(busy.values());
    else await this.wake(shard);
    return null;
  }

  private async pending(shard: number, exceptConnections: readonly string[]): Promise<PendingDelivery[]> {
    const free = CONNECTIONS_AT_ONCE - exceptConnections.length;
    if (free <= 0) return [];
    const now = Date.now();
    const checksOld = now - (this.oldCheckedAt.get(shard) ?? 0) > OLD_CHECK_MS;
    if (checksOld) this.oldCheckedAt.set(shard, now);
    return this.deliveries.pending({
      shard,
      since: checksOld ? null : new Date(now - RECENT_MS),
      exceptConnections,
      exceptDeliveries: this.batches.postponed(),
      afterConnection: this.lastConnections.get(shard) ?? '',
      perConnection: BATCH,
      limit: BATCH * free,
    });
  }

  /** @returns the number of batches */
  private startBatches(shard: number, pending: readonly PendingDelivery[], busy: Map<string, Promise<void>>): number {
    let started = 0;
    for (const connectionId of new Set(pending.map((delivery) => delivery.connectionId))) {
      if (busy.size >= CONNECTIONS_AT_ONCE) break;
      const deliveries = pending.filter((delivery) => delivery.connectionId === connectionId);
      const ids = withinBytes(deliveries).map(({ id }) => id);
      const batch = this.batches.process({ shard, connectionId, ids }).finally(() => busy.delete(connectionId));
      busy.set(connectionId, batch);
      this.lastConnections.set(shard, connectionId);
      started += 1;
    }
    return started;
  }
}

/** The first deliveries whose payloads together fit into a batch, at least one. */
function withinBytes(deliveries: readonly PendingDelivery[]): PendingDelivery[] {
  let bytes = 0;
  return deliveries.filter(({ size }, index) => (bytes += size) <= BATCH_BYTES || index === 0);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
