/** A received delivery with a verified signature. */
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

const COLUMNS = ['id', 'connection_id', 'guid', 'event', 'enterprise_host', 'enterprise_version', 'body'];
const statementTexts = new Map<number, string>();

/**
 * One INSERT for many rows with a parameter per value: `unnest(bytea[])` is slower, because arrays of bytea are sent as
 * text. Returns the ids of inserted rows; existing ones are left out.
 */
export function insertStatement(rows: readonly InboxRow[]): Statement {
  const values = rows.flatMap(({ id, connectionId, guid, event, enterpriseHost, enterpriseVersion, body }) => [
    id,
    connectionId,
    guid,
    event,
    enterpriseHost,
    enterpriseVersion,
    body,
  ]);
  return { text: insertText(rows.length), values };
}

function insertText(rows: number): string {
  let text = statementTexts.get(rows);
  if (text === undefined) {
    const tuple = (row: number) =>
      `(${COLUMNS.map((_, column) => `$${row * COLUMNS.length + column + 1}`).join(', ')})`;
    const tuples = Array.from({ length: rows }, (_, row) => tuple(row)).join(', ');
    text = `INSERT INTO delivery (${COLUMNS.join(', ')}) VALUES ${tuples}
      ON CONFLICT (connection_id, guid) DO NOTHING RETURNING id`;
    statementTexts.set(rows, text);
  }
  return text;
}

/** Sorts rows by key, so that two replicas that insert the same rows at the same time cannot deadlock. */
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
 * True if an error means that the database is unreachable, stopping or out of resources, not that it rejects a row.
 * Errors of the connection itself have no SQLSTATE. Classes: 08 connection, 53 resources, 57 operator intervention,
 * 58 system; 25006 is a standby that does not take writes.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isUnavailable(error: unknown): boolean {
  const code = sqlState(error);
  return code === null || /^(08|53|57|58)/.test(code) || code === '25006';
}

/** True if the connection of a row does not exist. */
export function isMissingConnection(error: unknown): boolean {
  return sqlState(error) === '23503';
}

function sqlState(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}
