import { describe, expect, it } from '@jest/globals';
import { encodePack, hashObject } from '@reunite/git-objects';
import { FolderStorage } from '@reunite/blob-storage';
import { createObjectCache } from './object-cache.js';
import { ObjectReader } from './object-reader.js';
import { encodePackIndex, PackIndex } from './pack-index.js';
import type { IndexedObject } from './pack-index.js';
import { IndexView } from './repository-index.js';

const stored = encodePack([{ type: 'blob', body: Buffer.from('stored') }]);
const [entry] = stored.entries;

/** A storage with one pack, in memory. */
class OnePack extends FolderStorage {
  override readRange(_: string, offset: number, length: number) {
    return Promise.resolve(stored.pack.subarray(offset, offset + length));
  }
}

const sut = () => new ObjectReader(new OnePack('/nowhere'), 'rep_1', createObjectCache(1024));
const viewOf = (...changes: Partial<IndexedObject>[]) => {
  const sound = { ...entry!, type: 'blob', base: null, pack: '1'.repeat(40), depth: 0, complete: false } as const;
  const index = new PackIndex(
    encodePackIndex(
      changes.map((change) => ({ ...sound, ...change })),
      changes.length,
      true,
    ),
  );
  return new IndexView([{ number: 1, index }]);
};

describe('ObjectReader', () => {
  it('reads a stored object', async () => {
    await expect(sut().read(viewOf({}), entry!.id)).resolves.toMatchObject({ body: Buffer.from('stored') });
  });

  it('rejects an object whose hash differs from its id', async () => {
    const other = hashObject('blob', Buffer.from('expected'));
    const reader = sut();
    for (let again = 0; again < 2; again++) {
      await expect(reader.read(viewOf({ id: other }), other)).rejects.toMatchObject({ code: 'corrupt-object' });
    }
    await expect(reader.read(viewOf({ type: 'tree' }), entry!.id)).rejects.toMatchObject({ code: 'corrupt-object' });
  });

  it('rejects delta chains with a cycle or a missing base', async () => {
    const [a, b] = ['a'.repeat(40), 'b'.repeat(40)];
    const cycle = viewOf({ id: a, base: b, depth: 1 }, { id: b, base: a, depth: 1 });
    await expect(sut().read(cycle, a)).rejects.toMatchObject({ code: 'corrupt-object' });
    await expect(sut().read(viewOf({ id: a, base: b, depth: 1 }), a)).rejects.toMatchObject({ code: 'corrupt-object' });
  });
});
