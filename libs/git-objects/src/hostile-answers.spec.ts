import { describe, expect, it } from '@jest/globals';
import { deflateSync } from 'node:zlib';
import { growthExponent } from '@reunite/testing';
import { blobEntry, copyAll, entryHeader, packOf, refDelta } from '../test/entries.js';
import { packIn, readObjects } from '../test/read-objects.js';
import { parseCapabilityAdvertisement } from './capability-advertisement.js';
import { applyDelta } from './delta.js';
import { parseLsRefs } from './ls-refs.js';
import { LimitExceededError } from './limit-exceeded.error.js';
import { MemorySpool } from './memory-spool.js';
import { hashObject } from './object.js';
import { encodePack } from './pack-encoder.js';
import { PackMemory } from './pack-limits.js';
import { PackMemoryError } from './pack-memory.error.js';
import { readPack } from './pack-reader.js';
import { encodePacket } from './pkt-line.js';
import { treeNameViolation } from './tree-name.rules.js';
import { parseTree, serializeTree } from './tree.js';

const packets = (text: string) => (size: number) =>
  Buffer.concat([
    ...Array.from({ length: Math.ceil(size / 60_000) }, () =>
      encodePacket(text.repeat(Math.min(size, 60_000) / text.length)),
    ),
    encodePacket({ type: 'flush' }),
  ]);
const manyPackets = (text: string) => (size: number) =>
  Buffer.from(
    `${encodePacket(text)
      .toString('latin1')
      .repeat(size / (text.length + 4))}0000`,
  );
const id = 'a'.repeat(40);

describe('answers of a hostile git server', () => {
  it.each<[string, (size: number) => Buffer, (body: Buffer) => unknown]>([
    ['long refs', packets('a '), parseLsRefs],
    ['many refs', manyPackets(`${id} refs/heads/a\n`), parseLsRefs],
    ['attributes of refs', packets(`${id} r symref-target:`), parseLsRefs],
    ['control characters in an error', packets('ERR \u0001 '), parseLsRefs],
    ['capabilities', manyPackets('a=b\n'), parseCapabilityAdvertisement],
    ['a tree of one name', (size) => Buffer.from(`100644 ${'a'.repeat(size)}`), parseTree],
    ['a tree of spaces', (size) => Buffer.alloc(size, 0x20), parseTree],
    ['a name of dots', (size) => Buffer.from('.git'.repeat(size / 4)), (name) => treeNameViolation(name.toString())],
    ['a name of backslashes', (size) => Buffer.from('\\'.repeat(size)), (name) => treeNameViolation(name.toString())],
    ['a delta of tiny copies', (size) => Buffer.alloc(size, 0x80), (delta) => applyDelta(Buffer.alloc(0), delta)],
    [
      'a large tree',
      (size) => serializeTree(Array.from({ length: size / 40 }, (_, n) => ({ mode: '100644', name: `file-${n}`, id }))),
      parseTree,
    ],
  ])('attack: %s take time linear to their size', (_, input, parse) => {
    expect(growthExponent(input, parse)).toBeLessThan(1.6);
  });

  it.each([
    ['packets of one byte', manyPackets('\u0001')],
    ['shallow lines', manyPackets(`shallow ${id}\n`)],
  ])('attack: %s take time linear to their size', async (_, input) => {
    const times: number[] = [];
    for (const size of [200_000, 200_000, 1_600_000]) {
      const body = input(size);
      const start = performance.now();
      await packIn(body).catch(() => undefined);
      times.push(performance.now() - start);
    }
    // Eight times the size: far below the 64 times of a quadratic one.
    expect(times[2]! / times[1]!).toBeLessThan(32);
  });

  it('attack: the memory for deltas of large objects is shared by all packs of the process', async () => {
    const body = Buffer.alloc(1_100_000);
    const baseId = hashObject('blob', body);
    const pack = packOf(blobEntry(body), refDelta(baseId, copyAll(body.length)));
    const memory = new PackMemory(4_000_000);
    const first = readPack([pack], { memory, spool: new MemorySpool() });
    await first.next();
    await first.next();
    await expect(readObjects(pack, { memory })).rejects.toThrow(PackMemoryError);
    await first.return(undefined);
    expect(await readObjects(pack, { memory })).toHaveLength(1);
  });

  it('attack: a delta that no memory is enough for is rejected for good', async () => {
    const pack = packOf(refDelta(id, copyAll(1_100_000)));
    await expect(readObjects(pack, { memory: new PackMemory(2_000_000) })).rejects.toThrow(LimitExceededError);
  });

  it('attack: an object that claims to be small is not inflated beyond its size, however the pack arrives', async () => {
    const stream = deflateSync(Buffer.alloc(3_000_000));
    const pack = packOf(Buffer.concat([entryHeader(3, 2_000_000), stream]));
    for (const pieceBytes of [pack.length, 100]) {
      await expect(readObjects(pack, {}, pieceBytes)).rejects.toMatchObject({ code: 'malformed-object' });
    }
  });

  it('attack: a stream that never produces its object is not buffered', async () => {
    const empty = Buffer.alloc(300_000).fill(Buffer.from([0, 0, 0, 0xff, 0xff]));
    const pack = packOf(Buffer.concat([entryHeader(3, 5), Buffer.from([0x78, 0x9c]), empty]));
    await expect(readObjects(pack, {}, 4096)).rejects.toThrow('does not inflate');
  });

  it('attack: a small pack does not inflate to any size', async () => {
    const objects = Array.from({ length: 20 }, (_, n) => ({ type: 'blob' as const, body: Buffer.alloc(100_000, n) }));
    const { pack } = encodePack(objects);
    await expect(readObjects(pack)).resolves.toHaveLength(20);
    await expect(readObjects(pack, { limits: { freeInflatedBytes: 1_000_000 } })).rejects.toMatchObject({
      code: 'inflated-too-large',
      limit: 1_000_000,
    });
  });

  it('attack: a pack of large objects lets other work run', async () => {
    const objects = Array.from({ length: 20 }, (_, n) => ({ type: 'blob' as const, body: Buffer.alloc(1_048_576, n) }));
    let pauses = 0;
    const pause = () => Promise.resolve((pauses += 1));
    await readObjects(encodePack(objects).pack, { pause });
    expect(pauses).toBeGreaterThanOrEqual(2);
  });
});
