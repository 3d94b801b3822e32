import { webhookUrlProbe, webhookUrls } from '@reunite/connections';
import type { ConnectionEntity } from '@reunite/connections';
import { isCoded, jobs } from '@reunite/contracts';
import type { LoggedDelivery, PayloadOf } from '@reunite/contracts';
import {
  deliveryKey,
  insertRecovered,
  isRecoveryFull,
  LOST_DAYS,
  logPosition,
  MAX_MISSED,
  missedDeliveries,
  recordLogPage,
  recordLost,
  recordRecoveryRun,
  recordRequest,
  settleArrived,
  shardOf,
} from '@reunite/deliveries';
import type { LogPosition, MissedDelivery } from '@reunite/deliveries';
import type { JobHandler } from '@reunite/queueing';
import { isPermanent, userMessage } from '../interactive/user-message.js';
import type { HandlerResources } from '../resources.js';
import { missedTotal, recoveredTotal } from './delivery-metrics.js';

/** Pages of the server's log per run, of up to 100 deliveries each. */
const MAX_PAGES = 10;
/** Missed deliveries per run. */
const MAX_REQUESTS = 100;
/** Redeliveries per call of the vault. */
const CALL_SIZE = 25;
/** Time until the next run while there is more to do, in seconds: a long outage is caught up with 200 deliveries a minute. */
const NEXT_RUN_SECONDS = 30;
/** Time until the next run after the server limited the rate, in seconds. */
const RATE_LIMIT_SECONDS = 120;
/** Time that a redelivery has to arrive, in seconds. Its sender waits 30 seconds for the answer. */
const ARRIVAL_SECONDS = 20;
/** A delivery that is younger may still be on its way. */
const IN_FLIGHT_MS = 60_000;
/** Servers keep their log for about this long. */
const LOG_MS = 7 * 24 * 60 * 60 * 1_000;
/** Ids that ingest accepts. */
const GUID = /^[\w-]{1,100}$/;
const EVENT = /^[a-z0-9_]{1,100}$/;
const FULL = `The server’s log has more missed deliveries than the bridge stores (${MAX_MISSED.toLocaleString('en')}). The recovery reads on as they are recovered, or ${LOST_DAYS} days after they were given up.`;

interface LogReading {
  /** True if the next run has to read on. */
  readonly isIncomplete: boolean;
  /** True if deliveries of the app are sent here, so that they can be requested. */
  readonly isOurs: boolean;
  readonly skippedReason: string | null;
}

/**
 * Compares the server's log of deliveries with the inbox, and recovers what is missing, oldest first. The inbox decides, not
 * the status of the log: a delivery whose answer was lost has arrived, and one that was answered may be lost with a database.
 *
 * First the server is asked to deliver again: ingest then verifies the signature over the original bytes. If that does not
 * arrive, e.g. because the server cannot reach ingest, the payload is read from the log, where it is neither signed nor
 * byte for byte the same. Both ways have the same delivery id, so that a delivery takes effect once (P2).
 *
 * Safe to run twice: each step is stored before the next one, and a repeated redelivery is a duplicate.
 */
export class RecoverDeliveriesHandler implements JobHandler<typeof jobs.recoverDeliveries> {
  constructor(
    private readonly resources: HandlerResources,
    /** Public origin of webhook-ingest; empty if it is not known. */
    private readonly webhookUrl: string,
  ) {}

  async handle({ connectionId }: PayloadOf<typeof jobs.recoverDeliveries>): Promise<null> {
    const { manager } = this.resources.dataSource;
    const connection = await this.resources.ghes.connection(connectionId);
    if (connection.appId === null) return null;
    try {
      recoveredTotal.inc({ way: 'redelivery' }, await settleArrived(manager, connectionId));
      const log = await this.readLog(connection);
      const isBusy = log.isOurs && (await this.request(connection));
      const againInSeconds = log.isIncomplete || isBusy ? NEXT_RUN_SECONDS : null;
      const { skippedReason } = log;
      await recordRecoveryRun(manager, connectionId, { skippedReason, againInSeconds, restarts: false });
    } catch (error) {
      const isLimited = isCoded(error) && error.code === 'ghes-rate-limited';
      if (!isLimited && !isPermanent(error)) throw error;
      if (isCoded(error) && error.code === 'not-found') throw error;
      await recordRecoveryRun(manager, connectionId, {
        skippedReason: reasonOf(error),
        againInSeconds: isLimited ? RATE_LIMIT_SECONDS : null,
        restarts: !isLimited,
      });
    }
    return null;
  }

  /** Reads the log from the newest delivery back to the last one that was read, over several runs if need be. */
  private async readLog(connection: ConnectionEntity): Promise<LogReading> {
    const { manager } = this.resources.dataSource;
    // Not incomplete: what is stored is requested first, and the log is looked at again at the usual interval.
    if (await isRecoveryFull(manager, connection.id)) {
      return { isIncomplete: false, isOurs: true, skippedReason: FULL };
    }
    let position = await logPosition(manager, connection.id);
    const oldest = Math.max(connection.createdAt.getTime(), Date.now() - LOG_MS);
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const log = await this.resources.vault.listWebhookDeliveries({
        ...target(connection),
        cursor: position.cursor ?? '',
      });
      if (position.cursor === null) {
        const skippedReason = this.foreignTarget(connection, log.webhookUrl);
        if (skippedReason !== null) return { isIncomplete: false, isOurs: false, skippedReason };
      }
      const settled = log.deliveries.filter(({ deliveredAt }) => Date.parse(deliveredAt) < Date.now() - IN_FLIGHT_MS);
      const unread = settled.filter(
        ({ id, deliveredAt }) => BigInt(id) > BigInt(position.readTo) && Date.parse(deliveredAt) >= oldest,
      );
      const isLast = log.nextCursor === '' || unread.length < settled.length;
      position = nextPosition(position, settled[0]?.id ?? null, isLast ? null : log.nextCursor);
      missedTotal.inc(await recordLogPage(manager, connection.id, unread.filter(isValid).map(toAttempt), position));
      if (isLast) return { isIncomplete: false, isOurs: true, skippedReason: null };
    }
    return { isIncomplete: true, isOurs: true, skippedReason: null };
  }

  /** Returns why deliveries of the app are not ours; null if they are. Asking for them would send them to another system. */
  private foreignTarget({ id }: ConnectionEntity, url: string): string | null {
    const webhook = { url, contentType: '', verifiesCertificates: true, deliveries: [] };
    const { state, evidence } = webhookUrlProbe(webhook, webhookUrls(this.webhookUrl, id));
    return state === 'ok' ? null : evidence;
  }

  /** @returns true if missed deliveries remain */
  private async request(connection: ConnectionEntity): Promise<boolean> {
    const missed = await missedDeliveries(this.resources.dataSource.manager, connection.id, {
      pauseSeconds: ARRIVAL_SECONDS,
      limit: MAX_REQUESTS,
    });
    const fresh = missed.filter(({ attempts }) => attempts === 0);
    for (let at = 0; at < fresh.length; at += CALL_SIZE) {
      await this.redeliver(connection, fresh.slice(at, at + CALL_SIZE));
    }
    for (const one of missed) if (one.attempts > 0) await this.readPayload(connection, one);
    return missed.length > 0;
  }

  private async redeliver(connection: ConnectionEntity, missed: readonly MissedDelivery[]): Promise<void> {
    const { dataSource, vault } = this.resources;
    const deliveryIds = missed.map(({ serverId }) => serverId);
    await recordRequest(
      dataSource.manager,
      connection.id,
      missed.map(({ key }) => key),
    );
    const { missingIds } = await vault.redeliverWebhooks({ ...target(connection), deliveryIds });
    const gone = missed.filter(({ serverId }) => missingIds.includes(serverId)).map(({ key }) => key);
    if (gone.length > 0) await recordLost(dataSource.manager, connection.id, gone, 'The server no longer has it.');
  }

  private async readPayload(connection: ConnectionEntity, { key, serverId }: MissedDelivery): Promise<void> {
    const { dataSource, vault, unitOfWork } = this.resources;
    const { id: connectionId } = connection;
    await recordRequest(dataSource.manager, connectionId, [key]);
    try {
      const logged = await vault.readWebhookDelivery({ ...target(connection), deliveryId: serverId });
      const { guid, event, payload } = logged;
      if (!EVENT.test(event) || deliveryKey(connectionId, guid).toString('hex') !== key.replaceAll('-', '')) {
        await recordLost(dataSource.manager, connectionId, [key], 'The server answered with another delivery.');
        return;
      }
      await unitOfWork.run({ connectionId }, async ({ db, afterCommit }) => {
        await insertRecovered(db, { connectionId, guid, event, body: payload });
        recoveredTotal.inc({ way: 'payload' }, await settleArrived(db, connectionId));
        afterCommit.enqueue(jobs.processInbox, { shard: shardOf(connectionId) });
      });
    } catch (error) {
      if (!isCoded(error) || !['ghes-not-found', 'ghes-response-too-large'].includes(error.code)) throw error;
      await recordLost(dataSource.manager, connectionId, [key], userMessage(error));
    }
  }
}

/** Once the reading that began at the newest delivery is complete, the log is read up to that one. */
function nextPosition(position: LogPosition, newestId: string | null, cursor: string | null): LogPosition {
  const cursorFrom = position.cursorFrom ?? newestId;
  if (cursor !== null) return { readTo: position.readTo, cursor, cursorFrom };
  const readTo = cursorFrom === null || BigInt(cursorFrom) < BigInt(position.readTo) ? position.readTo : cursorFrom;
  return { readTo, cursor: null, cursorFrom: null };
}

function isValid({ guid, event }: LoggedDelivery): boolean {
  return GUID.test(guid) && EVENT.test(event);
}

function toAttempt({ id, guid, event, deliveredAt }: LoggedDelivery) {
  return { id, guid, event, deliveredAt: new Date(deliveredAt) };
}

function target({ id: connectionId, organizationId }: ConnectionEntity) {
  return { organizationId, connectionId };
}

function reasonOf(error: unknown): string {
  if (!isCoded(error)) return userMessage(error);
  switch (error.code) {
    case 'ghes-not-found':
      return 'The server has no log of deliveries for apps, or no longer has the app.';
    case 'ghes-forbidden':
      return `The server does not let the app read its log of deliveries. ${userMessage(error)}`;
    case 'ghes-rate-limited':
      return 'The server limits the rate of requests. The recovery continues later.';
    default:
      return userMessage(error);
  }
}
