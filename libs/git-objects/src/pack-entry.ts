import { constants, inflateSync } from 'node:zlib';
import { deltaResultSize, readSize } from './delta.js';
import { createInflater } from './inflater.js';
import { MalformedObjectError } from './malformed-object.error.js';
import type { ObjectId, ObjectType } from './object.js';

type EntryKind =
  | { readonly kind: 'whole'; readonly type: ObjectType }
  /** The base starts `distance` bytes before this entry. */
  | { readonly kind: 'ofs-delta'; readonly distance: number }
  | { readonly kind: 'ref-delta'; readonly baseId: ObjectId };

/** One entry of a pack: a whole object or a delta. */
export type PackEntry = { readonly data: Buffer; readonly end: number } & EntryKind;

/** Type numbers of gitformat-pack(5). */
export const PACK_TYPES: readonly (ObjectType | 'ofs-delta' | 'ref-delta' | null)[] = [
  null,
  'commit',
  'tree',
  'blob',
  'tag',
  null,
  'ofs-delta',
  'ref-delta',
];

const ID_BYTES = 20;
/** Zlib allocates its output in pieces of this size, so that an entry with a false size costs no memory. */
const MAX_CHUNK = 64 * 1024;
const MIN_CHUNK = 64;
/** Larger objects may have a false size, for which no memory is allocated at once. */
const MAX_SMALL_BYTES = 1024 * 1024;
const INFLATER = createInflater();

/** The begin of an entry; the zlib stream with `size` inflated bytes starts at `dataAt`. */
export type PackEntryHeader = { readonly size: number; readonly dataAt: number } & EntryKind;

/** Longest header of an entry, in bytes: a size of nine groups, and an id or the distance of a base. */
export const PACK_ENTRY_HEADER_BYTES = 32;

/**
 * Reads the header of the entry at offset `at`.
 *
 * @throws MalformedObjectError if it is incomplete or of an unknown type
 */
export function readPackEntryHeader(pack: Buffer, at: number): PackEntryHeader {
  const first = pack[at] ?? 0;
  // The lowest four bits of the size share a byte with the type; the rest, if any, is a number like a delta's.
  const rest = first & 0x80 ? readSize(pack, at + 1) : { value: 0, end: at + 1 };
  const size = rest.value * 16 + (first & 0x0f);
  const type = PACK_TYPES[(first >> 4) & 7];
  switch (type) {
    case 'ofs-delta': {
      const { distance, end } = readDistance(pack, rest.end);
      return { kind: type, distance, size, dataAt: end };
    }
    case 'ref-delta': {
      const end = rest.end + ID_BYTES;
      return { kind: type, baseId: pack.toString('hex', rest.end, end), size, dataAt: end };
    }
    case null:
    case undefined:
      throw malformed('its type is unknown');
    default:
      return { kind: 'whole', type, size, dataAt: rest.end };
  }
}

/**
 * Reads the entry at offset `at`. `data` is the object's body or the delta; `end` is the offset of the next entry.
 *
 * @throws MalformedObjectError if the entry is incomplete, of an unknown type, or not of the announced size
 */
export function readPackEntry(pack: Buffer, at: number): PackEntry {
  const { size, dataAt, ...kind } = readPackEntryHeader(pack, at);
  const inflated = inflateEntry(pack, dataAt, size);
  if (inflated === null) throw malformed('it is incomplete');
  return { ...kind, ...inflated };
}

/**
 * Bytes of an entry that {@link packEntryObjectSize} needs at most: its header, and the compressed begin of a delta.
 */
export const PACK_ENTRY_START_BYTES = 512;

/**
 * Reads the size of an entry's object without inflating it: from the header, or from the first bytes of the delta.
 *
 * @param start the first {@link PACK_ENTRY_START_BYTES} of the entry, or the whole entry if it is shorter
 * @throws MalformedObjectError
 */
export function packEntryObjectSize(start: Buffer): number {
  const first = start[0] ?? 0;
  const rest = first & 0x80 ? readSize(start, 1) : { value: 0, end: 1 };
  const type = PACK_TYPES[(first >> 4) & 7];
  if (type === null || type === undefined) throw malformed('its type is unknown');
  if (type !== 'ofs-delta' && type !== 'ref-delta') return rest.value * 16 + (first & 0x0f);
  const deltaStart = type === 'ofs-delta' ? readDistance(start, rest.end).end : rest.end + ID_BYTES;
  try {
    // The input ends early; deflate expands it 1,032 times at most.
    return deltaResultSize(inflateSync(start.subarray(deltaStart), { finishFlush: constants.Z_SYNC_FLUSH }));
  } catch (cause) {
    throw malformed('its delta cannot be inflated', cause);
  }
}

/** The offset of an ofs-delta: groups of seven bits, highest first, plus one for each further group. */
function readDistance(pack: Buffer, at: number): { distance: number; end: number } {
  let distance = 0;
  for (let end = at; end < pack.length;) {
    const byte = pack[end++] ?? 0;
    distance = distance * 0x80 + (byte & 0x7f);
    if (!Number.isSafeInteger(distance)) break;
    if (byte < 0x80) return { distance, end };
    distance += 1;
  }
  throw malformed('the offset of its base is incomplete');
}

/**
 * Inflates the zlib stream at offset `at`. The bytes after it are not looked at.
 *
 * @returns null if the stream is incomplete; otherwise its data, and the offset of its end
 * @throws MalformedObjectError if it does not inflate to `size` bytes
 */
export function inflateEntry(pack: Buffer, at: number, size: number): { data: Buffer; end: number } | null {
  if (INFLATER && size <= MAX_SMALL_BYTES) {
    const inflated = INFLATER(pack, at, size);
    if (inflated.code === null) return inflated;
    if (inflated.code === 'Z_BUF_ERROR') return null;
    throw malformed(`it cannot be inflated to the announced size (${inflated.code})`);
  }
  // With `info`, zlib also returns how much input it used, because entries have no length. The types lack this option.
  const options = {
    info: true,
    chunkSize: Math.min(Math.max(size + 1, MIN_CHUNK), MAX_CHUNK),
    maxOutputLength: Math.max(size, 1),
  };
  try {
    const { buffer, engine } = inflateSync(pack.subarray(at), options) as unknown as InflateResult;
    if (buffer.length !== size) throw malformed('it does not have the announced size');
    return { data: buffer, end: at + engine.bytesWritten };
  } catch (cause) {
    if (cause instanceof MalformedObjectError) throw cause;
    if (zlibCode(cause) === 'Z_BUF_ERROR') return null;
    throw malformed('it cannot be inflated to the announced size', cause);
  }
}

/** The code of an error of zlib, like `Z_DATA_ERROR`; null for other errors. */
export function zlibCode(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' && code.startsWith('Z_') ? code : null;
}

interface InflateResult {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function malformed(why: string, cause?: unknown): MalformedObjectError {
  return new MalformedObjectError(`An entry of the pack is malformed: ${why}.`, { cause });
}
