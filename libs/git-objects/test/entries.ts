import { deflateSync } from 'node:zlib';
import { packChecksum, packHeader } from '../src/pack-frame.js';

const BLOB = 3;
const REF_DELTA = 7;

/** A pack of these entries. */
export function packOf(...entries: Buffer[]): Buffer {
  const content = Buffer.concat([packHeader(entries.length), ...entries]);
  return Buffer.concat([content, packChecksum(content)]);
}

export function blobEntry(body: Buffer, announced = body.length): Buffer {
  return Buffer.concat([entryHeader(BLOB, announced), deflateSync(body)]);
}

export function refDelta(baseId: string, delta: Buffer): Buffer {
  return Buffer.concat([entryHeader(REF_DELTA, delta.length), Buffer.from(baseId, 'hex'), deflateSync(delta)]);
}

/** The delta of an object that equals its base. @param size at least 65,536 */
export function copyAll(size: number): Buffer {
  const copies: number[] = [];
  for (let at = 0; at < size; at += 0x10000) {
    const length = Math.min(0x10000, size - at) & 0xffff;
    copies.push(0b1011_1111, at & 0xff, (at >> 8) & 0xff, (at >> 16) & 0xff, (at >> 24) & 0xff);
    copies.push(length & 0xff, length >> 8);
  }
  return Buffer.concat([sizeBytes(size), sizeBytes(size), Buffer.from(copies)]);
}

/** The header of an entry: three bits of type and four of size, then seven bits of size a byte, lowest first. */
export function entryHeader(type: number, size: number): Buffer {
  const rest = Math.floor(size / 16);
  const first = (type << 4) | (size & 0x0f);
  return rest === 0 ? Buffer.from([first]) : Buffer.concat([Buffer.from([first | 0x80]), sizeBytes(rest)]);
}

function sizeBytes(size: number): Buffer {
  const bytes: number[] = [];
  let rest = size;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest = Math.floor(rest / 0x80);
  } while (rest > 0);
  return Buffer.from(bytes);
}
