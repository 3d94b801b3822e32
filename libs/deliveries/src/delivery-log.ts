import { lowestId } from '@reunite/contracts';
import type { Delivery, Page, PageQuery } from '@reunite/contracts';
import type { DataSource } from 'typeorm';
import { DeliveryEntity } from './delivery.entity.js';
import { deliveryKey, KEY_WINDOW_MS, shardOf } from './inbox-rows.rules.js';

const IS_PENDING = 'processed_at IS NULL AND failed_at IS NULL';
const IS_FINISHED = '(processed_at IS NOT NULL OR failed_at IS NOT NULL)';

/**
 * Deliveries that one page reads at most. Filters other than the period have no index, which every delivery would pay for; a
 * page that finds too few among these has a cursor to continue.
 */
const WINDOW = 5_000;
/** Longest payload that is returned, in bytes. */
const MAX_SHOWN_BYTES = 512 * 1024;

export interface DeliveryFilter extends PageQuery {
  readonly event?: string | undefined;
  readonly state?: Delivery['state'] | undefined;
  /** `owner/name`, case-insensitive. */
  readonly repository?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Id of a delivery, ours or `X-GitHub-Delivery`. Excludes the other filters. */
  readonly search?: string | undefined;
}

const STATES: Readonly<Record<Delivery['state'], string>> = {
  received: IS_PENDING,
  processed: 'processed_at IS NOT NULL AND NOT ignored',
  ignored: 'processed_at IS NOT NULL AND ignored',
  failed: 'processed_at IS NULL AND failed_at IS NOT NULL',
};

/** The deliveries of a connection as users see them. */
export class DeliveryLog {
  constructor(private readonly dataSource: DataSource) {}

  /** Returns a page of deliveries, newest first: ids sort by time. A page may have fewer items than the limit and a cursor. */
  async page(connectionId: string, filter: DeliveryFilter): Promise<Page<DeliveryEntity>> {
    if (filter.search !== undefined) return this.find(connectionId, filter.search);
    const { limit, after, since, until } = filter;
    const values: unknown[] = [
      connectionId,
      shardOf(connectionId),
      since === undefined ? '' : lowestId('delivery', Date.parse(since)),
      after ?? (until === undefined ? '~' : lowestId('delivery', Date.parse(until))),
    ];
    const conditions = conditionsOf(filter, values);
    const window = conditions === '' ? limit + 1 : WINDOW;
    // A row is in one of two partial indexes: one branch for each.
    const branch = (where: string) =>
      `(SELECT * FROM webhook_delivery WHERE connection_id = $1 AND id >= $3 AND id < $4 AND ${where}
         ORDER BY id DESC LIMIT ${window})`;
    const recent = `SELECT * FROM (${branch(IS_FINISHED)} UNION ALL ${branch(`shard = $2 AND ${IS_PENDING}`)}) AS merged
      ORDER BY id DESC LIMIT ${window}`;
    const ids = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM (${recent}) AS recent WHERE true${conditions} ORDER BY id DESC LIMIT ${limit + 1}`,
      values,
    );
    const items = await this.entities(ids.slice(0, limit).map(({ id }) => id));
    if (ids.length > limit) return { items, endCursor: items.at(-1)?.id ?? null };
    if (conditions === '') return { items, endCursor: null };
    const [last] = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM (${recent}) AS recent ORDER BY id DESC OFFSET ${WINDOW - 1}`,
      values.slice(0, 4),
    );
    return { items, endCursor: last?.id ?? null };
  }

  /** Returns when each event last arrived, among the recent deliveries of a connection. */
  async lastReceived(connectionId: string): Promise<ReadonlyMap<string, Date>> {
    const branch = (where: string) =>
      `(SELECT event, received_at FROM webhook_delivery WHERE connection_id = $1 AND ${where}
         ORDER BY id DESC LIMIT ${WINDOW})`;
    const rows = await this.dataSource.query<{ event: string; at: Date }[]>(
      `SELECT event, max(received_at) AS at
       FROM (${branch(IS_FINISHED)} UNION ALL ${branch(`shard = $2 AND ${IS_PENDING}`)}) AS recent GROUP BY event`,
      [connectionId, shardOf(connectionId)],
    );
    return new Map(rows.map(({ event, at }) => [event, at]));
  }

  /** Returns the delivery of a connection, or null. */
  async get(connectionId: string, id: string): Promise<DeliveryEntity | null> {
    return this.dataSource.getRepository(DeliveryEntity).findOneBy({ id, connectionId });
  }

  /** Returns the payload as it was received; null if it is larger than can be shown. */
  async payload({ id, size }: Pick<DeliveryEntity, 'id' | 'size'>): Promise<Buffer | null> {
    if (size > MAX_SHOWN_BYTES) return null;
    const [row] = await this.dataSource.query<{ body: Buffer | null }[]>(
      `SELECT string_agg(bytes, ''::bytea ORDER BY part) AS body FROM webhook_payload WHERE delivery_id = $1`,
      [id],
    );
    return row?.body ?? null;
  }

  /** Makes a finished delivery pending again. Has no effect on a pending one. */
  async processAgain(connectionId: string, id: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE webhook_delivery SET processed_at = NULL, failed_at = NULL, attempts = 0, outcome = NULL, ignored = false
        WHERE id = $1 AND connection_id = $2 AND ${IS_FINISHED}`,
      [id, connectionId],
    );
  }

  /** A guid has a row per week in which it arrived. */
  private async find(connectionId: string, search: string): Promise<Page<DeliveryEntity>> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM webhook_delivery WHERE id = $2 AND connection_id = $1
       UNION SELECT id FROM webhook_delivery WHERE key = $3::uuid AND connection_id = $1 AND id >= $4`,
      [
        connectionId,
        search,
        deliveryKey(connectionId, search).toString('hex'),
        lowestId('delivery', Date.now() - KEY_WINDOW_MS),
      ],
    );
    return { items: await this.entities(rows.map(({ id }) => id)), endCursor: null };
  }

  private entities(ids: readonly string[]): Promise<DeliveryEntity[]> {
    return this.dataSource
      .getRepository(DeliveryEntity)
      .createQueryBuilder('delivery')
      .where('delivery.id = ANY(:ids)', { ids })
      .orderBy('delivery.id', 'DESC')
      .getMany();
  }
}

function conditionsOf({ event, state, repository }: DeliveryFilter, values: unknown[]): string {
  const conditions: string[] = [];
  if (event !== undefined) conditions.push(`event = $${values.push(event)}`);
  if (repository !== undefined) conditions.push(`lower(repository) = lower($${values.push(repository)})`);
  if (state !== undefined) conditions.push(STATES[state]);
  return conditions.map((condition) => ` AND ${condition}`).join('');
}
