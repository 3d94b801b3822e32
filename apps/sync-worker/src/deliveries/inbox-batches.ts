import type { ConnectionEntity } from '@reunite/connections';
import { isCoded, NotFoundError } from '@reunite/contracts';
import { publishLiveEvents } from '@reunite/database';
import type { OrganizationEvent } from '@reunite/database';
import { eventLabel, isRejectedValue, parseDelivery } from '@reunite/deliveries';
import type { ParsedDelivery, ReceivedDelivery } from '@reunite/deliveries';
import { currentTraceparent, isTracing, withLogFields, withSpan } from '@reunite/telemetry';
import type { Work } from '@reunite/unit-of-work';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import { forgetTokens } from '../connections/forget-tokens.js';
import { isPermanent, userMessage } from '../interactive/user-message.js';
import type { HandlerResources } from '../resources.js';
import { AppliedDeliveries } from './applied-deliveries.js';
import { processedTotal } from './delivery-metrics.js';
import type { DeliveryProcessor } from './delivery-processor.js';
import { PostponedDeliveries } from './postponed-deliveries.js';

/** Deliveries of one connection, oldest first. */
export interface InboxBatch {
  readonly shard: number;
  readonly connectionId: string;
  readonly ids: readonly string[];
  /** `X-GitHub-Event` of each. */
  readonly events: readonly string[];
}

type Parsed = ReceivedDelivery & { readonly parsed: ParsedDelivery };

/** The parsed deliveries of a batch. */
interface Group {
  readonly shard: number;
  readonly connection: ConnectionEntity;
  readonly parsed: readonly Parsed[];
}

/** Events after which tokens may have other permissions: suspended, resumed, deleted, granted more or less. */
const TOKEN_EVENTS: ReadonlySet<string> = new Set(['installation', 'installation_repositories']);

/**
 * Events whose connection gets a transaction of its own. They need the vault, or lock projects and pull requests of their
 * connection; the others write refs only.
 */
const SEPARATE_EVENTS: ReadonlySet<string> = new Set([...TOKEN_EVENTS, 'pull_request']);

/** Separate batches of one worker that run at the same time: each holds a connection to the database. */
const CONCURRENCY = 6;
/** Longest wait of a separate batch for the lock of a row. Then it is postponed: it holds a connection to the database. */
const LOCK_SECONDS = 5;
/** The same of several connections together: they wait for each other, so the batches then run separately. */
const SHARED_LOCK_SECONDS = 0.2;
/** Time for which a connection gets transactions of its own after a lock was not free in time, in milliseconds. */
const SEPARATE_MS = 60_000;
const MAX_SEPARATE = 1_000;
/** Attempts of a delivery that fails with an unknown error. An unreachable vault or database is retried without limit. */
const MAX_ATTEMPTS = 8;

/**
 * Processes batches of deliveries, those of several connections in one transaction. If that fails, each connection gets a
 * transaction of its own, and if one of those fails, each of its deliveries, so that a delivery fails alone.
 */
export class InboxBatches {
  private readonly postponements: PostponedDeliveries;
  private readonly limit = pLimit(CONCURRENCY);
  private readonly lockedConnections = new LRUCache<string, true>({ max: MAX_SEPARATE, ttl: SEPARATE_MS });

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

  /** Processes batches in one transaction. Never rejects. @returns the batches that must be processed separately */
  async processTogether(batches: readonly InboxBatch[]): Promise<readonly InboxBatch[]> {
    const isSeparate = ({ connectionId, events }: InboxBatch) =>
      this.lockedConnections.has(connectionId) || events.some((event) => SEPARATE_EVENTS.has(event));
    const together = batches.filter((batch) => !isSeparate(batch));
    if (together.length === 0) return batches;
    try {
      await this.apply(await this.read(together), SHARED_LOCK_SECONDS);
      return batches.filter(isSeparate);
    } catch (error) {
      this.resources.logger.debug({ err: error }, 'processing connections separately');
      return batches;
    }
  }

  /** Never rejects: a delivery that fails is marked as failed or postponed. */
  processSeparately(batch: InboxBatch): Promise<void> {
    return this.limit(() => withLogFields({ connection: batch.connectionId }, () => this.applyBatch(batch)));
  }

  private async applyBatch(batch: InboxBatch): Promise<void> {
    const { deliveries } = this.resources;
    try {
      for (const group of await this.read([batch])) await this.applyOrSingly(group);
    } catch (error) {
      if (isCoded(error) && error.code === 'not-found')
        await deliveries.deletePending(batch.ids).catch(() => undefined);
      else for (const id of batch.ids) await this.fail(batch.shard, { id }, error);
    }
  }

  /** @throws NotFoundError if a connection no longer exists */
  private async read(batches: readonly InboxBatch[]): Promise<Group[]> {
    const { deliveries, ghes } = this.resources;
    const [connections, received] = await Promise.all([
      ghes.connections(batches.map(({ connectionId }) => connectionId)),
      deliveries.read(batches.flatMap(({ ids }) => ids)),
    ]);
    const parsed = await this.parse(received);
    return batches.flatMap(({ shard, connectionId }) => {
      const connection = connections.get(connectionId);
      if (!connection) throw new NotFoundError(`Connection ${connectionId} no longer exists.`);
      return { shard, connection, parsed: parsed.filter((one) => one.connectionId === connectionId) };
    });
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

  private async applyOrSingly(group: Group): Promise<void> {
    const { parsed, shard, connection } = group;
    try {
      await this.apply([group], LOCK_SECONDS);
    } catch (error) {
      if (isCoded(error) && error.code === 'not-found') throw error;
      if (isLockTimeout(error)) this.lockedConnections.set(connection.id, true);
      if (parsed.length > 1 && !isLockTimeout(error))
        for (const one of parsed) await this.applyOrSingly({ ...group, parsed: [one] });
      else for (const one of parsed) await this.fail(shard, one, error);
    }
  }

  private async apply(groups: readonly Group[], lockSeconds: number): Promise<void> {
    const { unitOfWork, vault } = this.resources;
    // Before the claim: if this process stops in between, the next run forgets them again, which only costs new tokens.
    for (const { connection, parsed } of groups) {
      if (parsed.some((one) => TOKEN_EVENTS.has(one.parsed.event))) await forgetTokens(vault, connection);
    }
    const connectionIds = groups.map(({ connection }) => connection.id);
    // If a crash of the database takes it back, the deliveries are pending again.
    const options = { lockSeconds, durable: false };
    const claimed = await unitOfWork.run({ connectionIds }, (work) => this.claimAndApply(work, groups), options);
    this.postponements.forget([...claimed.keys()]);
    for (const { shard, parsed } of groups) {
      for (const { id, event, parsed: delivery } of parsed) {
        const outcome = delivery.event === 'ignored' ? 'ignored' : 'processed';
        if (claimed.has(id)) processedTotal.inc({ event: eventLabel(event), outcome });
        // Claimed by another run, or an older copy of the same delivery is pending.
        else this.postponements.add(shard, id);
      }
    }
  }

  /** @returns the deliveries that this run has claimed */
  private async claimAndApply(work: Work, groups: readonly Group[]): Promise<ReadonlyMap<string, string | null>> {
    const { deliveries } = this.resources;
    const ids = groups.flatMap(({ parsed }) => parsed.map(({ id }) => id));
    const claimed = await deliveries.claim(work.db, ids);
    if (claimed.size === 0) return claimed;
    const mine = groups.flatMap(({ connection, parsed }) =>
      parsed.filter(({ id }) => claimed.has(id)).map((received) => ({ connection, received })),
    );
    const applied = await AppliedDeliveries.read(
      work.db,
      mine.map(({ connection, received }) => ({ connectionId: connection.id, delivery: received.parsed })),
    );
    const processed = [];
    // One event per connection: it makes the console read the newest deliveries of the connection again.
    const events = new Map<string, Omit<OrganizationEvent, 'id'>>();
    for (const { connection, received } of mine) {
      const { id, parsed: delivery } = received;
      const { id: connectionId, organizationId } = connection;
      const copy = claimed.get(id) ?? null;
      const outcome =
        copy === null
          ? await inTraceOf(received, () => this.processor.apply(work, connection, delivery, applied))
          : `Repeats delivery ${copy}, which was processed`;
      const { action, source, event } = delivery;
      processed.push({ id, action, source, ignored: event === 'ignored', outcome });
      events.set(connectionId, { organizationId, event: { type: 'delivery', id, connectionId } });
    }
    await applied.syncs.write(work);
    await deliveries.markProcessed(work.db, processed);
    await publishLiveEvents(work.db, [...events.values()]);
    return claimed;
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
  { id, connectionId: connection, event, traceparent }: Parsed,
  apply: () => Promise<Result>,
): Promise<Result> {
  return withLogFields({ connection, delivery: id }, () => {
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
