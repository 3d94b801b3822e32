import type { ConnectionEntity } from '@reunite/connections';
import { isCoded } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { eventLabel, isRejectedValue, parseDelivery } from '@reunite/deliveries';
import type { ParsedDelivery, ReceivedDelivery } from '@reunite/deliveries';
import { currentTraceparent, isTracing, withLogFields, withSpan } from '@reunite/telemetry';
import type { Work } from '@reunite/unit-of-work';
import pLimit from 'p-limit';
import { forgetTokens } from '../connections/forget-tokens.js';
import { isPermanent, userMessage } from '../interactive/user-message.js';
import type { HandlerResources } from '../resources.js';
import { AppliedDeliveries } from './delivery-processor.js';
import { processedTotal } from './delivery-metrics.js';
import type { DeliveryProcessor } from './delivery-processor.js';
import { PostponedDeliveries } from './postponed-deliveries.js';

/** Deliveries of one connection, oldest first. */
export interface InboxBatch {
  readonly shard: number;
  readonly connectionId: string;
  readonly ids: readonly string[];
}

type Parsed = ReceivedDelivery & { readonly parsed: ParsedDelivery };

/** Events after which tokens may have other permissions: suspended, resumed, deleted, granted more or less. */
const TOKEN_EVENTS: ReadonlySet<ParsedDelivery['event']> = new Set(['installation', 'installation_repositories']);

/** Batches of one worker that run at the same time: each holds a connection to the database. */
const CONCURRENCY = 6;
/** Longest wait of a batch for the lock of a row. Then the batch is postponed: it holds a connection to the database. */
const LOCK_SECONDS = 5;
/** Attempts of a delivery that fails with an unknown error. An unreachable vault or database is retried without limit. */
const MAX_ATTEMPTS = 8;

/**
 * Processes batches of deliveries of one connection in one transaction each. If a delivery fails, those of its batch run
 * singly, so that it fails alone.
 */
export class InboxBatches {
  private readonly postponements: PostponedDeliveries;
  private readonly limit = pLimit(CONCURRENCY);

  constructor(
    private readonly resources: HandlerResources,
    private readonly processor: DeliveryProcessor,
    wake: (shard: number) => Promise<void>,
  ) {
    this.postponements = new PostponedDeliveries(wake);
  }

  /** Ids of deliveries that wait for their next attempt. */
  postponed(): string[] {
    return this.postponements.ids();
  }

  /** Never rejects: a delivery that fails is marked as failed or postponed. */
  process(batch: InboxBatch): Promise<void> {
    return this.limit(() => this.run(batch));
  }

  private run(batch: InboxBatch): Promise<void> {
    return withLogFields({ connection: batch.connectionId }, () => this.applyBatch(batch));
  }

  private async applyBatch(batch: InboxBatch): Promise<void> {
    const { deliveries, ghes } = this.resources;
    try {
      const [connection, received] = await Promise.all([
        ghes.connection(batch.connectionId),
        deliveries.read(batch.ids),
      ]);
      await this.applyOrSingly(batch, connection, await this.parse(received));
    } catch (error) {
      if (isCoded(error) && error.code === 'not-found')
        await deliveries.deletePending(batch.ids).catch(() => undefined);
      else for (const id of batch.ids) await this.fail(batch.shard, { id }, error);
    }
  }

  /** Parses once. A malformed delivery fails here, without the others. */
  private async parse(received: readonly ReceivedDelivery[]): Promise<Parsed[]> {
    const parsed: Parsed[] = [];
    for (const delivery of received) {
      try {
        parsed.push({ ...delivery, parsed: parseDelivery(delivery) });
      } catch (error) {
        await this.markFailed(delivery.id, delivery.event, userMessage(error));
      }
    }
    return parsed;
  }

  private async applyOrSingly(
    batch: InboxBatch,
    connection: ConnectionEntity,
    parsed: readonly Parsed[],
  ): Promise<void> {
    try {
      const claimed = await this.apply(connection, parsed);
      this.postponements.forget(claimed);
      for (const { id, event, parsed: delivery } of parsed) {
        const outcome = delivery.event === 'ignored' ? 'ignored' : 'processed';
        if (claimed.includes(id)) processedTotal.inc({ event: eventLabel(event), outcome });
      }
      // Claimed by another run, or an older copy of the same delivery is pending.
      for (const { id } of parsed) if (!claimed.includes(id)) this.postponements.add(batch.shard, id);
    } catch (error) {
      if (isCoded(error) && error.code === 'not-found') throw error;
      if (parsed.length > 1 && !isLockTimeout(error))
        for (const one of parsed) await this.applyOrSingly({ ...batch, ids: [one.id] }, connection, [one]);
      else for (const one of parsed) await this.fail(batch.shard, one, error);
    }
  }

  /** @returns the ids that this run has claimed */
  private async apply(connection: ConnectionEntity, parsed: readonly Parsed[]): Promise<readonly string[]> {
    const { unitOfWork, deliveries, vault } = this.resources;
    const { id: connectionId, organizationId } = connection;
    // Before the claim: if this process stops in between, the next run forgets them again, which only costs new tokens.
    if (parsed.some((one) => TOKEN_EVENTS.has(one.parsed.event))) await forgetTokens(vault, connection);
    const claimAndApply = async (work: Work) => {
      const claimed = await deliveries.claim(
        work.db,
        parsed.map(({ id }) => id),
      );
      const mine = parsed.filter(({ id }) => claimed.has(id));
      if (mine.length === 0) return [];
      const applied = new AppliedDeliveries();
      const processed = [];
      for (const received of mine) {
        const { id, parsed: delivery } = received;
        const copy = claimed.get(id) ?? null;
        const outcome =
          copy === null
            ? await inTraceOf(received, connectionId, () => this.processor.apply(work, connection, delivery, applied))
            : `Repeats delivery ${copy}, which was processed`;
        const { action, source, event } = delivery;
        processed.push({ id, action, source, ignored: event === 'ignored', outcome });
      }
      await deliveries.markProcessed(work.db, processed);
      // One event per batch: it makes the console read the newest deliveries of the connection again.
      const newest = mine.at(-1)?.id ?? connectionId;
      await publishLiveEvent(work.db, organizationId, { type: 'delivery', id: newest, connectionId });
      return mine.map(({ id }) => id);
    };
    // If a crash of the database takes it back, the deliveries are pending again.
    return unitOfWork.run({ connectionId }, claimAndApply, { lockSeconds: LOCK_SECONDS, durable: false });
  }

  /** Marks a delivery as failed if its error is permanent or has repeated too often, else postpones it. */
  private async fail(
    shard: number,
    { id, event = '' }: { readonly id: string; readonly event?: string },
    error: unknown,
  ): Promise<void> {
    const { deliveries, logger } = this.resources;
    try {
      if (isRejectedValue(error)) {
        await this.markFailed(id, event, `The payload has a value that cannot be stored: ${(error as Error).message}.`);
        return;
      }
      const attempts = isPermanent(error) ? MAX_ATTEMPTS : await deliveries.countAttempt(id);
      logger.warn({ err: error, delivery: id, attempts }, 'delivery failed');
      if (isPermanent(error) || (!isCoded(error) && !isDatabaseError(error) && attempts >= MAX_ATTEMPTS)) {
        await this.markFailed(id, event, userMessage(error));
      } else this.postponements.add(shard, id);
    } catch (failure) {
      // The database is unavailable. The delivery stays pending, and the sweeper wakes its shard.
      logger.warn({ err: failure, delivery: id }, 'recording the failure of a delivery failed');
      this.postponements.add(shard, id);
    }
  }

  private async markFailed(id: string, event: string, outcome: string): Promise<void> {
    await this.resources.deliveries.markFailed(id, outcome);
    processedTotal.inc({ event: eventLabel(event), outcome: 'failed' });
  }
}

/** True for errors of the database other than rejected values: connections end, transactions deadlock. */
function isDatabaseError(error: unknown): boolean {
  return error instanceof Error && (error.name === 'QueryFailedError' || 'severity' in error || 'errno' in error);
}

/** True if a lock was not free in time (55P03): single deliveries would wait for the same lock. */
function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '55P03';
}

/** Continues the trace of a delivery. Follow-up jobs that `apply` enqueues belong to it; the batch is a link. */
function inTraceOf<Result>(
  { id, event, traceparent }: Parsed,
  connection: string,
  apply: () => Promise<Result>,
): Promise<Result> {
  return withLogFields({ delivery: id }, () => {
    if (!isTracing()) return apply();
    const attributes = {
      'reunite.delivery.id': id,
      'reunite.connection.id': connection,
      'reunite.delivery.event': eventLabel(event),
    };
    const settings = { kind: 'consumer', parent: traceparent, link: currentTraceparent(), attributes } as const;
    return withSpan('process delivery', settings, apply);
  });
}
