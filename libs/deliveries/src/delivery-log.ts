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
    const { limit, after, before, since, until } = filter;
    const cursor = after ?? before;
    const [operator, order] = before === undefined ? ['<', 'DESC'] : ['>', 'ASC'];
    const values: unknown[] = [
      connectionId,
      shardOf(connectionId),
      since === undefined ? '' : lowestId('delivery', Date.parse(since)),
      until === undefined ? '~' : lowestId('delivery', Date.parse(until)),
    ];
    const beyond = cursor === undefined ? '' : `AND id ${operator} $${values.push(cursor)}`;
    // A row is in one of two partial indexes: one branch for each.
    const branch = (where: string, window: number) =>
      `(SELECT * FROM webhook_delivery WHERE connection_id = $1 AND id >= $3 AND id < $4 ${beyond} AND ${where}
         ORDER BY id ${order} LIMIT ${window})`;
    const windowOf = (size: number) => `(
      SELECT * FROM (${branch(IS_FINISHED, size)} UNION ALL ${branch(`shard = $2 AND ${IS_PENDING}`, size)}) AS merged
      ORDER BY id ${order} LIMIT ${size}) AS window_rows`;
    const period = [...values];
    const conditions = conditionsOf(filter, values);
    const isFiltered = conditions !== '';
    const ids = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM ${windowOf(isFiltered ? WINDOW : limit + 1)}
        WHERE true${conditions} ORDER BY id ${order} LIMIT ${limit + 1}`,
      values,
    );
    const pageIds = ids.slice(0, limit).map(({ id }) => id);
    const hasMore = ids.length > limit;
    const edges = isFiltered && !hasMore ? await this.edges(windowOf(WINDOW + 1), order, period) : null;
    const back = cursor === undefined ? null : (pageIds[0] ?? edges?.first ?? null);
    const onward = hasMore ? (pageIds.at(-1) ?? null) : (edges?.last ?? null);
    const items = await this.entities(pageIds);
    return before === undefined
      ? { items, startCursor: back, endCursor: onward }
      : { items, startCursor: onward, endCursor: back };
  }

  /** Returns the first id of a window, and the last one if more rows follow. */
  private async edges(
    window: string,
    order: string,
    values: unknown[],
  ): Promise<{ first: string | null; last: string | null }> {
    const [first, last, next] = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id ${order}) AS number FROM ${window}) AS numbered
        WHERE number IN (1, ${WINDOW}, ${WINDOW + 1}) ORDER BY number`,
      values,
    );
    return { first: first?.id ?? null, last: next && last ? last.id : null };
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
    return { items: await this.entities(rows.map(({ id }) => id)), startCursor: null, endCursor: null };
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
