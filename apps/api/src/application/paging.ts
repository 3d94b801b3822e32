import { InvalidInputError } from '@reunite/contracts';
import type { Page, PageQuery } from '@reunite/contracts';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/** Reads a page of rows whose ids sort by time, the newest first. */
export async function newestFirst<Entity extends ObjectLiteral & { readonly id: string }>(
  query: SelectQueryBuilder<Entity>,
  { limit, after }: PageQuery,
): Promise<Page<Entity>> {
  const { alias } = query;
  if (after !== undefined) query.andWhere(`${alias}.id < :after`, { after: readCursor(after) });
  const rows = await query
    .orderBy(`${alias}.id`, 'DESC')
    .limit(limit + 1)
    .getMany();
  return pageOfRows(rows, limit, ({ id }) => id);
}

/** @param rows one more than `limit` if there are more */
export function pageOfRows<Row>(rows: readonly Row[], limit: number, keyOf: (row: Row) => string): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, endCursor: rows.length > limit && last !== undefined ? toCursor(keyOf(last)) : null };
}

/** Encodes a key as an opaque cursor. */
export function toCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}

/** @throws InvalidInputError */
export function readCursor(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!/^[\w-]{1,100}$/.test(key)) {
    throw new InvalidInputError('The cursor is invalid.', [
      { path: 'after', message: 'Use the endCursor of the previous page unchanged.' },
    ]);
  }
  return key;
}

/** Maps the items of a page. */
export function mapPage<From, To>(page: Page<From>, map: (item: From) => To): Page<To> {
  return { items: page.items.map(map), endCursor: page.endCursor };
}

/** A page of a list that the server counts in pages, of one commit. */
export interface ServerPage {
  readonly page: number;
  readonly limit: number;
  /** The commit of the first page; absent on the first page. */
  readonly head?: string;
}

/** The cursor of a page. It includes the limit, because servers count in pages. */
export function toServerCursor({ page, limit, head }: Required<ServerPage>): string {
  return toCursor(`${page}-${limit}-${head}`);
}

/** @throws InvalidInputError */
export function readServerPage({ limit, after }: PageQuery): ServerPage {
  if (after === undefined) return { page: 1, limit };
  const [, page, size, head] = /^([1-9]\d{0,3})-([1-9]\d?|100)-([0-9a-f]{40,64})$/.exec(readCursor(after)) ?? [];
  if (page === undefined || size === undefined || head === undefined) {
    throw new InvalidInputError('The cursor is invalid.', [
      { path: 'after', message: 'Request the first page again.' },
    ]);
  }
  return { page: Number(page), limit: Number(size), head };
}
