import { createHash } from 'node:crypto';
import { MalformedObjectError } from './malformed-object.error.js';

const SIGNATURE = 'PACK';
const VERSION = 2;
/** Signature, version, number of objects. */
export const PACK_HEADER_BYTES = 12;
/** SHA-1 of everything before it. */
export const PACK_TRAILER_BYTES = 20;

/**
 * Reads the header of a pack.
 *
 * @param bytes at least {@link PACK_HEADER_BYTES}, unless the pack is shorter
 * @returns the number of objects
 * @throws MalformedObjectError if it is not a pack of version 2
 */
export function readPackHeader(bytes: Buffer): number {
  if (
    bytes.length < PACK_HEADER_BYTES ||
    bytes.toString('latin1', 0, 4) !== SIGNATURE ||
    bytes.readUInt32BE(4) !== VERSION
  ) {
    throw new MalformedObjectError('This is not a git pack of version 2.');
  }
  return bytes.readUInt32BE(8);
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
