import { inflateSync } from 'node:zlib';
import { readSize } from './delta.js';
import { MalformedObjectError } from './malformed-object.error.js';
import type { ObjectId, ObjectType } from './object.js';

/** One entry of a pack: an object, or what to change in another one to get it. */
export type PackEntry = { readonly data: Buffer; readonly end: number } & (
  | { readonly kind: 'full'; readonly type: ObjectType }
  /** The base stands `distance` bytes before the start of this entry. */
  | { readonly kind: 'ofs-delta'; readonly distance: number }
  | { readonly kind: 'ref-delta'; readonly baseId: ObjectId }
);

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
/** Zlib's output is allocated in pieces of this size at most, so that an entry that lies about its size costs nothing. */
const MAX_CHUNK = 64 * 1024;
const MIN_CHUNK = 64;

/**
 * Reads the entry that starts at `at`. `data` is the object's body, or the delta; `end` is where the next entry starts.
 *
 * @param admit is told the announced size before anything is inflated, and throws when it is too much.
 * @throws MalformedObjectError when the entry is cut short, of an unknown type, or not of the size it announces.
 */
export function readPackEntry(pack: Buffer, at: number, admit: (bytes: number) => void = () => undefined): PackEntry {
  const first = pack[at] ?? 0;
  // The lowest four bits of the size share a byte with the type; the rest, if any, is a number like a delta's.
  const rest = first & 0x80 ? readSize(pack, at + 1) : { value: 0, end: at + 1 };
  const size = rest.value * 16 + (first & 0x0f);
  const type = PACK_TYPES[(first >> 4) & 7];
  admit(size);
  switch (type) {
    case 'ofs-delta': {
      const { distance, end } = readDistance(pack, rest.end);
      return { kind: type, distance, ...inflate(pack, end, size) };
    }
    case 'ref-delta': {
      const end = rest.end + ID_BYTES;
      return { kind: type, baseId: pack.toString('hex', rest.end, end), ...inflate(pack, end, size) };
    }
    case null:
    case undefined:
      throw malformed('its type is unknown');
    default:
      return { kind: 'full', type, ...inflate(pack, rest.end, size) };
  }
}

/** A number in groups of seven bits, highest first, each further group counting from one more than the last could say. */
function readDistance(pack: Buffer, at: number): { distance: number; end: number } {
  let distance = 0;
  for (let end = at; end < pack.length;) {
    const byte = pack[end++] ?? 0;
    distance = distance * 0x80 + (byte & 0x7f);
    if (!Number.isSafeInteger(distance)) break;
    if (byte < 0x80) return { distance, end };
    distance += 1;
  }
  throw malformed('the place of its base is cut short');
}

function inflate(pack: Buffer, at: number, size: number): { data: Buffer; end: number } {
  // With `info` zlib also tells how much of the input it took: entries do not say how long they are. The types do not know.
  const options = {
    info: true,
    chunkSize: Math.min(Math.max(size + 1, MIN_CHUNK), MAX_CHUNK),
    maxOutputLength: Math.max(size, 1),
  };
  try {
    const { buffer, engine } = inflateSync(pack.subarray(at), options) as unknown as InflateResult;
    if (buffer.length !== size) throw malformed('it is not of the size it announces');
    return { data: buffer, end: at + engine.bytesWritten };
  } catch (cause) {
    if (cause instanceof MalformedObjectError) throw cause;
    throw malformed('it cannot be inflated to the size it announces', cause);
  }
}

interface InflateResult {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function malformed(why: string, cause?: unknown): MalformedObjectError {
  return new MalformedObjectError(`An entry of the pack is malformed: ${why}.`, { cause });
}
