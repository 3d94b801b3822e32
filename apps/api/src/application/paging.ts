import { InvalidInputError } from '@reunite/contracts';
import type { ForwardPageQuery, Page, PageQuery } from '@reunite/contracts';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/** Reads a page of rows whose ids sort by time, the newest first. */
export async function newestFirst<Entity extends ObjectLiteral & { readonly id: string }>(
  query: SelectQueryBuilder<Entity>,
  page: PageQuery,
): Promise<Page<Entity>> {
  const { alias } = query;
  const { after, before } = readCursors(page);
  if (after !== undefined) query.andWhere(`${alias}.id < :after`, { after });
  if (before !== undefined) query.andWhere(`${alias}.id > :before`, { before });
  const rows = await query
    .orderBy(`${alias}.id`, before === undefined ? 'DESC' : 'ASC')
    .limit(page.limit + 1)
    .getMany();
  return pageOfRows(rows, page, ({ id }) => id);
}

/**
 * Makes a page of the rows that follow a cursor.
 *
 * @param rows one more than `limit` if there are more; with `before`, in the opposite order of the list
 */
export function pageOfRows<Row>(
  rows: readonly Row[],
  { limit, after, before }: PageQuery,
  keyOf: (row: Row) => string,
): Page<Row> {
  const items = rows.slice(0, limit);
  if (before !== undefined) items.reverse();
  const hasMore = rows.length > limit;
  const cursorOf = (row: Row | undefined) => (row === undefined ? null : toCursor(keyOf(row)));
  return {
    items,
    startCursor: (before === undefined ? after !== undefined : hasMore) ? cursorOf(items[0]) : null,
    endCursor: before !== undefined || hasMore ? cursorOf(items.at(-1)) : null,
  };
}

/**
 * Decodes the cursors of a query.
 *
 * @throws InvalidInputError for an invalid cursor, and for `after` and `before` together
 */
export function readCursors({ after, before }: PageQuery): Pick<PageQuery, 'after' | 'before'> {
  if (after !== undefined && before !== undefined) {
    const message = 'Send either `after` or `before`.';
    throw new InvalidInputError(message, [{ path: 'before', message }]);
  }
  return {
    after: after === undefined ? undefined : readCursor(after),
    before: before === undefined ? undefined : readCursor(before, 'before'),
  };
}

/** Encodes a key as an opaque cursor. */
export function toCursor(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}

/** @throws InvalidInputError */
export function readCursor(cursor: string, path: 'after' | 'before' = 'after'): string {
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!/^[\w-]{1,100}$/.test(key)) {
    throw new InvalidInputError('The cursor is invalid.', [
      { path, message: `Use the ${path === 'after' ? 'endCursor' : 'startCursor'} of a page unchanged.` },
    ]);
  }
  return key;
}

/** Maps the items of a page. */
export function mapPage<From, To>(page: Page<From>, map: (item: From) => To): Page<To> {
  return { ...page, items: page.items.map(map) };
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
export function readServerPage({ limit, after }: ForwardPageQuery): ServerPage {
  if (after === undefined) return { page: 1, limit };
  const [, page, size, head] = /^([1-9]\d{0,3})-([1-9]\d?|100)-([0-9a-f]{40,64})$/.exec(readCursor(after)) ?? [];
  if (page === undefined || size === undefined || head === undefined) {
    throw new InvalidInputError('The cursor is invalid.', [
      { path: 'after', message: 'Request the first page again.' },
    ]);
  }
  return { page: Number(page), limit: Number(size), head };
}
