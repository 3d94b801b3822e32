import { createHash } from 'node:crypto';
import { MalformedObjectError } from './malformed-object.error.js';

const SIGNATURE = 'PACK';
const VERSION = 2;
/** Signature, version, number of objects. */
export const PACK_HEADER_BYTES = 12;
/** SHA-1 of everything before it. */
const PACK_TRAILER_BYTES = 20;

/**
 * Checks the header and trailer of a pack.
 *
 * @returns the number of objects, the offset at which entries end, and the checksum, which is the pack's name
 * @throws MalformedObjectError if it is not a pack of version 2 or its checksum is wrong, which means it is damaged
 */
export function readPackFrame(pack: Buffer): { count: number; end: number; checksum: string } {
  const end = pack.length - PACK_TRAILER_BYTES;
  if (end < PACK_HEADER_BYTES || pack.toString('latin1', 0, 4) !== SIGNATURE || pack.readUInt32BE(4) !== VERSION) {
    throw new MalformedObjectError('This is not a git pack of version 2.');
  }
  const checksum = packChecksum(pack.subarray(0, end)).toString('hex');
  if (checksum !== pack.toString('hex', end)) {
    throw new MalformedObjectError('The checksum of the pack is wrong: it is incomplete or damaged. Fetch it again.');
  }
  return { count: pack.readUInt32BE(8), end, checksum };
}

/** The first bytes of a pack with `count` objects. */
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
