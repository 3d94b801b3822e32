import { deflateSync } from 'node:zlib';
import { hashObject } from './object.js';
import type { GitObject, ObjectId } from './object.js';
import { PACK_TYPES } from './pack-entry.js';
import { packChecksum, packHeader } from './pack-frame.js';

export interface EncodedPack {
  readonly pack: Buffer;
  /** Its checksum, which is its name. */
  readonly checksum: string;
  /** In the order given. */
  readonly entries: readonly { readonly id: ObjectId; readonly offset: number; readonly length: number }[];
}

/** Writes a pack of whole objects, without deltas. */
export function encodePack(objects: readonly GitObject[]): EncodedPack {
  const parts = [packHeader(objects.length)];
  const entries: { id: ObjectId; offset: number; length: number }[] = [];
  let offset = parts[0]?.length ?? 0;
  for (const { type, body } of objects) {
    const entry = Buffer.concat([entryHeader(PACK_TYPES.indexOf(type), body.length), deflateSync(body)]);
    parts.push(entry);
    entries.push({ id: hashObject(type, body), offset, length: entry.length });
    offset += entry.length;
  }
  const content = Buffer.concat(parts);
  const checksum = packChecksum(content);
  return { pack: Buffer.concat([content, checksum]), checksum: checksum.toString('hex'), entries };
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
