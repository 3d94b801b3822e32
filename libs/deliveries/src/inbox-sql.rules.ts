/** A delivery as it came, its signature verified. */
export interface NewDelivery {
  readonly connectionId: string;
  /** `X-GitHub-Delivery` */
  readonly guid: string;
  /** `X-GitHub-Event` */
  readonly event: string;
  readonly enterpriseHost: string | null;
  readonly enterpriseVersion: string | null;
  readonly body: Buffer;
}
export type InboxRow = NewDelivery & { readonly id: string };

interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

const columns = ['id', 'connection_id', 'guid', 'event', 'enterprise_host', 'enterprise_version', 'body'];
const texts = new Map<number, string>();

/**
 * One INSERT for many rows, each value a parameter: `unnest(bytea[])` is slower, for arrays of bytes travel as text. Rows
 * that are there already are left out of the answer.
 */
export function insertStatement(rows: readonly InboxRow[]): Statement {
  const values = rows.flatMap(({ id, connectionId, guid, event, enterpriseHost, enterpriseVersion, body }) => [
    ...[id, connectionId, guid, event],
    ...[enterpriseHost, enterpriseVersion, body],
  ]);
  return { text: insertText(rows.length), values };
}

function insertText(rows: number): string {
  let text = texts.get(rows);
  if (text === undefined) {
    const tuple = (row: number) =>
      `(${columns.map((_, column) => `$${row * columns.length + column + 1}`).join(', ')})`;
    const tuples = Array.from({ length: rows }, (_, row) => tuple(row)).join(', ');
    text = `INSERT INTO delivery (${columns.join(', ')}) VALUES ${tuples}
      ON CONFLICT (connection_id, guid) DO NOTHING RETURNING id`;
    texts.set(rows, text);
  }
  return text;
}

/** In one order everywhere: two replicas that insert the same rows at the same time must not wait for each other. */
export function inKeyOrder(rows: readonly InboxRow[]): InboxRow[] {
  return [...rows].sort(
    (a, b) => compare(a.connectionId, b.connectionId) || compare(a.guid, b.guid) || compare(a.id, b.id),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Whether an error of the database says that it is away, ending, or out of room, rather than that it refuses a row.
 * Errors of the connection itself have no SQLSTATE. Classes: 08 connection, 53 resources, 57 operator intervention,
 * 58 system; 25006 is a standby that does not take writes.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isUnavailable(error: unknown): boolean {
  const code = sqlState(error);
  return code === null || /^(08|53|57|58)/.test(code) || code === '25006';
}

/** The connection of the row is not there, or no longer. */
export function isMissingConnection(error: unknown): boolean {
  return sqlState(error) === '23503';
}

function sqlState(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}
