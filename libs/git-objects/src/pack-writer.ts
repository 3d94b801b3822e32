import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { MalformedObjectError } from './malformed-object.error.js';
import type { GitObject, ObjectId } from './object.js';
import { PACK_TYPES, readPackEntryHeader } from './pack-entry.js';
import { packHeader } from './pack-frame.js';

const REF_DELTA = PACK_TYPES.indexOf('ref-delta');

/** The new begin of an entry that is copied. */
export interface CopiedEntry {
  readonly header: Buffer;
  /** Offset of the first byte after the old begin. */
  readonly dataAt: number;
}

/** Encodes a pack piece by piece. The caller writes what the methods return, in their order. */
export class PackWriter {
  /** Bytes so far: the offset of the next entry. */
  offset = 0;
  private readonly hash = createHash('sha1');

  /** @param count number of entries that will follow */
  begin(count: number): Buffer {
    return this.add(packHeader(count));
  }

  /** Encodes an entry without a delta. */
  whole({ type, body }: GitObject): Buffer {
    return this.add(Buffer.concat([entryHeader(PACK_TYPES.indexOf(type), body.length), deflateSync(body)]));
  }

  /** Appends bytes of an entry as they are. */
  add(bytes: Buffer): Buffer {
    this.hash.update(bytes);
    this.offset += bytes.length;
    return bytes;
  }

  /** Returns the checksum, which ends the pack and is its name. */
  end(): Buffer {
    return this.hash.digest();
  }
}

/**
 * Returns the new begin of an entry that moves to another pack, without inflating it. A delta names its base by id there,
 * because the distance to it changes.
 *
 * @param start the first bytes of the entry, at least `PACK_ENTRY_HEADER_BYTES` unless the entry is shorter
 * @param base of a delta; null for a whole object
 * @throws MalformedObjectError if the entry is of another kind
 */
export function copiedEntry(start: Buffer, base: ObjectId | null): CopiedEntry {
  const { kind, size, dataAt } = readPackEntryHeader(start, 0);
  if ((kind === 'whole') !== (base === null))
    throw new MalformedObjectError('An entry of the pack is of another kind.');
  if (base === null) return { header: start.subarray(0, dataAt), dataAt };
  return { header: Buffer.concat([entryHeader(REF_DELTA, size), Buffer.from(base, 'hex')]), dataAt };
}

/** Three bits of type and four of size, then seven bits of size a byte, lowest first. */
function entryHeader(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 0x0f)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 0x80)) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
    bytes.push(rest & 0x7f);
  }
  return Buffer.from(bytes);
}
