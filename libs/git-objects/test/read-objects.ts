import { MemorySpool } from '../src/memory-spool.js';
import type { GitObject } from '../src/object.js';
import { readPack } from '../src/pack-reader.js';
import type { PackObject, ReadPackOptions } from '../src/pack-reader.js';
import { readPackfile } from '../src/packfile.js';
import { collect } from './collect.js';

type SmallObject = PackObject & GitObject;

/** Reads a pack of small objects, which have a body. @param pieceBytes length of the pieces in which the pack arrives */
export async function readObjects(
  pack: Buffer,
  options: Omit<ReadPackOptions, 'spool'> = {},
  pieceBytes = pack.length,
): Promise<SmallObject[]> {
  const objects = await collect(readPack(piecesOf(pack, pieceBytes), { spool: new MemorySpool(), ...options }));
  return objects.filter((object): object is SmallObject => object.body !== null);
}

/** The pack in a response to a fetch that arrived at once. */
export async function packIn(response: Buffer): Promise<Buffer> {
  return Buffer.concat(await collect(readPackfile([response])));
}

export function piecesOf(bytes: Buffer, length: number): Buffer[] {
  const count = Math.ceil(bytes.length / Math.max(1, length));
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * length, (index + 1) * length));
}
