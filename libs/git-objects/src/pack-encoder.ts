import { hashObject } from './object.js';
import type { GitObject, ObjectId } from './object.js';
import { PackWriter } from './pack-writer.js';

export interface EncodedPack {
  readonly pack: Buffer;
  /** Its checksum, which is its name. */
  readonly checksum: string;
  /** In the order given. */
  readonly entries: readonly { readonly id: ObjectId; readonly offset: number; readonly length: number }[];
}

/** Writes a pack of whole objects, without deltas. */
export function encodePack(objects: readonly GitObject[]): EncodedPack {
  const writer = new PackWriter();
  const parts = [writer.begin(objects.length)];
  const entries: { id: ObjectId; offset: number; length: number }[] = [];
  for (const object of objects) {
    const { offset } = writer;
    const entry = writer.whole(object);
    parts.push(entry);
    entries.push({ id: hashObject(object.type, object.body), offset, length: entry.length });
  }
  const checksum = writer.end();
  return { pack: Buffer.concat([...parts, checksum]), checksum: checksum.toString('hex'), entries };
}
