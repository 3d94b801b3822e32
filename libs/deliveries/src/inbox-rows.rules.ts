import { hash } from 'node:crypto';
import { INBOX_SHARDS } from '@reunite/contracts';

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
}

export interface InboxRow extends NewDelivery {
  readonly id: string;
  /** 16 bytes that identify connection and delivery id. */
  readonly key: Buffer;
}

/**
 * Size of the pieces of a payload, in bytes. A piece and its row header fill one page of PostgreSQL (8,192 bytes), so that
 * a usual payload is one row. Smaller pieces cost an index entry and a WAL record each.
 */
export const PIECE_BYTES = 8_000;

/**
 * Time for which a repeated id is looked up, in milliseconds. Servers keep the deliveries that they can send again for less
 * than that; an older copy counts as a new delivery, which is a hint like any other.
 */
export const KEY_WINDOW_MS = 14 * 24 * 60 * 60 * 1_000;

/** The first 16 bytes of a hash of connection and delivery id. Shorter than both, so that its unique index stays small. */
export function deliveryKey(connectionId: string, guid: string): Buffer {
  return hash('sha256', `${connectionId} ${guid}`, 'buffer').subarray(0, 16);
}

/** The shard of a connection (FNV-1a over its id). Changing it moves only deliveries that arrive later. */
export function shardOf(connectionId: string): number {
  let sum = 0x811c9dc5;
  for (let at = 0; at < connectionId.length; at++) sum = Math.imul(sum ^ connectionId.charCodeAt(at), 0x01000193);
  return (sum >>> 0) % INBOX_SHARDS;
}

/** The columns of {@link deliveryFields}, in order. */
const COLUMNS = 'id, connection_id, shard, key, guid, event, form, size, enterprise_host, enterprise_version';

/**
 * Both COPY statements in one message, which PostgreSQL runs as one transaction: one round trip and one commit per batch.
 * COPY writes all rows of a page with one WAL record; an INSERT with a parameter per value took twice the time.
 */
export const COPY_STATEMENTS = `COPY webhook_delivery (${COLUMNS}) FROM STDIN (FORMAT binary);
COPY webhook_payload (delivery_id, part, bytes) FROM STDIN (FORMAT binary)`;

/**
 * Encodes rows as the messages that follow {@link COPY_STATEMENTS}. Payloads are not copied: their bytes are slices of the
 * bodies.
 *
 * @see https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS binary format
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html CopyData, CopyDone
 */
export function copyMessages(rows: readonly InboxRow[]): Buffer[] {
  const messages = [START];
  for (const row of rows) messages.push(copyData(deliveryFields(row)));
  messages.push(END, START);
  for (const { id, body } of rows) {
    for (let at = 0, part = 0; at < body.length || part === 0; at += PIECE_BYTES, part++) {
      const piece = body.subarray(at, at + PIECE_BYTES);
      messages.push(piecePrefix(id, part, piece.length), piece);
    }
  }
  messages.push(END);
  return messages;
}

const COPY_DATA = 0x64;
const HEADER_BYTES = 5;
/** Signature, flags and the length of the header extension. */
const START = copyData([Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')], null);
/** The end of the data (a field count of -1), then CopyDone. */
const END = Buffer.concat([copyData([], -1), Buffer.from([0x63, 0, 0, 0, 4])]);

type Field = Buffer | string | null;

function deliveryFields(row: InboxRow): Field[] {
  const { id, connectionId, key, guid, event, form, body, enterpriseHost, enterpriseVersion } = row;
  return [
    id,
    connectionId,
    int16(shardOf(connectionId)),
    key,
    guid,
    event,
    form ? TRUE : FALSE,
    int32(body.length),
    enterpriseHost,
    enterpriseVersion,
  ];
}

const TRUE = Buffer.from([1]);
const FALSE = Buffer.from([0]);

/** @param count the field count of a row; null for data that is not a row */
function copyData(fields: readonly Field[], count: number | null = fields.length): Buffer {
  let length = count === null ? 0 : 2;
  for (const field of fields) length += count === null ? byteLength(field) : 4 + byteLength(field);
  const message = Buffer.allocUnsafe(HEADER_BYTES + length);
  message[0] = COPY_DATA;
  let at = message.writeInt32BE(4 + length, 1);
  if (count !== null) at = message.writeInt16BE(count, at);
  for (const field of fields) {
    if (count !== null) at = message.writeInt32BE(field === null ? -1 : byteLength(field), at);
    if (typeof field === 'string') at += message.write(field, at);
    else if (field !== null) at += field.copy(message, at);
  }
  return message;
}

/** Everything of a payload's row but its bytes, which follow in the stream. */
function piecePrefix(id: string, part: number, bytes: number): Buffer {
  const idBytes = Buffer.byteLength(id);
  const fields = 2 + 4 + idBytes + 4 + 2 + 4;
  const prefix = Buffer.allocUnsafe(HEADER_BYTES + fields);
  prefix[0] = COPY_DATA;
  let at = prefix.writeInt32BE(4 + fields + bytes, 1);
  at = prefix.writeInt16BE(3, at);
  at = prefix.writeInt32BE(idBytes, at);
  at += prefix.write(id, at);
  at = prefix.writeInt32BE(2, at);
  at = prefix.writeInt16BE(part, at);
  prefix.writeInt32BE(bytes, at);
  return prefix;
}

function byteLength(field: Field): number {
  if (field === null) return 0;
  return typeof field === 'string' ? Buffer.byteLength(field) : field.length;
}

function int16(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}
