import { createHash } from 'node:crypto';
import { MalformedObjectError } from './malformed-object.error.js';

const SIGNATURE = 'PACK';
const VERSION = 2;
/** Signature, version and number of objects. */
export const PACK_HEADER_BYTES = 12;
/** SHA-1 over all before it. */
const PACK_TRAILER_BYTES = 20;

/**
 * Checks what stands around the entries of a pack.
 *
 * @returns the number of objects, the place where entries end, and the checksum, which serves as the pack's name.
 * @throws MalformedObjectError when it is no pack, not version 2, or its checksum is wrong: it was cut short or damaged on the way.
 */
export function readPackFrame(pack: Buffer): { count: number; end: number; checksum: string } {
  const end = pack.length - PACK_TRAILER_BYTES;
  if (end < PACK_HEADER_BYTES || pack.toString('latin1', 0, 4) !== SIGNATURE || pack.readUInt32BE(4) !== VERSION) {
    throw new MalformedObjectError('This is not a git pack of version 2.');
  }
  const checksum = packChecksum(pack.subarray(0, end)).toString('hex');
  if (checksum !== pack.toString('hex', end)) {
    throw new MalformedObjectError('The checksum of the pack is wrong: it was cut short or damaged. Fetch it again.');
  }
  return { count: pack.readUInt32BE(8), end, checksum };
}

/** The first bytes of a pack with so many objects. */
export function packHeader(count: number): Buffer {
  const header = Buffer.alloc(PACK_HEADER_BYTES);
  header.write(SIGNATURE, 'latin1');
  header.writeUInt32BE(VERSION, 4);
  header.writeUInt32BE(count, 8);
  return header;
}

/** The last bytes of a pack. */
export function packChecksum(content: Buffer): Buffer {
  return createHash('sha1').update(content).digest();
}
