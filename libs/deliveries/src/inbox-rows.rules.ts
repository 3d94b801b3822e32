import { hash } from 'node:crypto';
import { INBOX_SHARDS } from '@reunite/contracts';
import { CopyMessages } from './copy-messages.js';

/** A received delivery with a verified signature. */
export interface NewDelivery {
  readonly connectionId: string;
  /** `X-GitHub-Delivery` */
  readonly guid: string;
  /** `X-GitHub-Event` */
  readonly event: string;
  /** True if the body is a form with the JSON in its field `payload`, a choice in the webhook's settings. */
  readonly form: boolean;
  readonly enterpriseHost: string | null;
  readonly enterpriseVersion: string | null;
  readonly body: Buffer;
  /** W3C `traceparent` of the request; null while nothing is traced. */
  readonly traceparent?: string | null;
}

export interface InboxRow extends NewDelivery {
  readonly id: string;
  /** 16 bytes that identify connection and delivery id. */
  readonly key: Buffer;
}

/**
 * Size of the pieces of a payload, in bytes. A piece and its row header fill one page of PostgreSQL (8,192 bytes), so
 * that a usual payload is one row. Smaller pieces cost an index entry and a WAL record each.
 */
export const PIECE_BYTES = 8_000;

/**
 * Time for which a repeated id is looked up, in milliseconds. Servers keep the deliveries that they can send again for
 * less than that; an older copy counts as a new delivery, which is a hint like any other.
 */
export const KEY_WINDOW_MS = 14 * 24 * 60 * 60 * 1_000;

/**
 * The first 16 bytes of a hash of connection and delivery id. Shorter than both, so that its unique index stays small.
 */
export function deliveryKey(connectionId: string, guid: string): Buffer {
  return hash('sha256', `${connectionId} ${guid}`, 'buffer').subarray(0, 16);
}

/** The shard of a connection (FNV-1a over its id). Changing it moves only deliveries that arrive later. */
export function shardOf(connectionId: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < connectionId.length; at++) sum = Math.imul(sum ^ connectionId.charCodeAt(at), 0x01000193);
  return (sum >>> 0) % INBOX_SHARDS;
}

/** The columns that {@link copyMessages} writes, in order. */
const COLUMNS =
  'id, connection_id, shard, key, guid, event, form, size, enterprise_host, enterprise_version, traceparent';

/**
 * Both COPY statements in one message, which PostgreSQL runs as one transaction: one round trip and one commit per
 * batch. COPY writes all rows of a page with one WAL record; an INSERT with a parameter per value took twice the time.
 */
export const COPY_STATEMENTS = `COPY webhook_delivery (${COLUMNS}) FROM STDIN (FORMAT binary);
COPY webhook_payload (delivery_id, part, bytes) FROM STDIN (FORMAT binary)`;

/**
 * Encodes rows as the messages that follow {@link COPY_STATEMENTS}, in one buffer: copying a usual payload takes less
 * than writing many small buffers to a socket.
 *
 * @see https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS binary format
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html CopyData, CopyDone
 */
export function copyMessages(rows: readonly InboxRow[]): Buffer {
  const messages = new CopyMessages(sizeOf(rows));
  messages.start();
  for (const row of rows) writeDelivery(messages, row);
  messages.end();
  messages.start();
  for (const row of rows) writePieces(messages, row);
  messages.end();
  return messages.bytes();
}

/**
 * Upper bound of everything but payloads and recorded headers: ids, event and framing of a row, and framing of a piece.
 */
const ROW_BYTES = 576;
const PIECE_FRAME_BYTES = 128;
/** Signatures and ends of both tables. */
const FRAME_BYTES = 128;

function sizeOf(rows: readonly InboxRow[]): number {
  let size = FRAME_BYTES;
  for (const { body, enterpriseHost, enterpriseVersion } of rows) {
    // A character of a header takes at most two bytes of UTF-8.
    const headers = 2 * ((enterpriseHost?.length ?? 0) + (enterpriseVersion?.length ?? 0));
    size += ROW_BYTES + headers + body.length + PIECE_FRAME_BYTES * (1 + Math.ceil(body.length / PIECE_BYTES));
  }
  return size;
}

function writeDelivery(messages: CopyMessages, row: InboxRow): void {
  messages.beginRow(11);
  messages.text(row.id);
  messages.text(row.connectionId);
  messages.int16(shardOf(row.connectionId));
  messages.binary(row.key);
  messages.text(row.guid);
  messages.text(row.event);
  messages.boolean(row.form);
  messages.int32(row.body.length);
  messages.text(row.enterpriseHost);
  messages.text(row.enterpriseVersion);
  messages.text(row.traceparent ?? null);
  messages.endRow();
}

/** An empty payload is one empty piece. */
function writePieces(messages: CopyMessages, { id, body }: InboxRow): void {
  for (let at = 0, part = 0; at < body.length || part === 0; at += PIECE_BYTES, part++) {
    messages.beginRow(3);
    messages.text(id);
    messages.int16(part);
    messages.binary(body.subarray(at, at + PIECE_BYTES));
    messages.endRow();
  }
}
