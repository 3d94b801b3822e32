import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { collect } from '../test/collect.js';
import { blobEntry, copyAll, packOf as frame, refDelta } from '../test/entries.js';
import { piecesOf, readObjects as read } from '../test/read-objects.js';
import { MemorySpool } from './memory-spool.js';
import { hashObject } from './object.js';
import type { GitObject, ObjectType } from './object.js';
import { encodePack } from './pack-encoder.js';
import { packChecksum, packHeader } from './pack-frame.js';
import { readPack } from './pack-reader.js';

const types: ObjectType[] = ['commit', 'tree', 'blob', 'tag'];
const object = fc.record({
  type: fc.constantFrom(...types),
  body: fc
    .oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 2000, maxLength: 5000 }))
    .map((b) => Buffer.from(b)),
});
const BASE: GitObject = { type: 'blob', body: Buffer.from('0123456789') };
const BASE_ID = hashObject('blob', BASE.body);
/** A delta that appends one character to ten bytes. */
const append = (char: string, size = 10) => Buffer.from([size, size + 1, 0b1001_0000, size, 1, char.charCodeAt(0)]);

/** A delta that appends `y` to a base of this size. */
const appendOne = (size: number) => {
  const whole = copyAll(size);
  const sizes = whole.length - 7 * Math.ceil(size / 0x10000);
  const one = copyAll(size + 1).subarray(sizes / 2, sizes);
  return Buffer.concat([whole.subarray(0, sizes / 2), one, whole.subarray(sizes), Buffer.from([1, 0x79])]);
};

describe('readPack', () => {
  it('reads the objects that encodePack writes, at the returned offsets', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { maxLength: 8 }),
        fc.integer({ min: 1, max: 9_000 }),
        async (objects, length) => {
          const { pack, entries } = encodePack(objects);
          const actual = await read(pack, {}, length);
          expect(actual.map(({ type, body }) => ({ type, body }))).toEqual(objects);
          expect(actual.map(({ id, offset, length }) => ({ id, offset, length }))).toEqual(entries);
        },
      ),
    );
  });

  it('resolves a base that comes later in the pack, and chains of deltas', async () => {
    const second = hashObject('blob', Buffer.from('0123456789a'));
    const actual = await read(
      frame(refDelta(second, append('b', 11)), refDelta(BASE_ID, append('a')), blobEntry(BASE.body)),
    );
    expect(actual.map(({ body, depth, base }) => [body.toString(), depth, base])).toEqual([
      ['0123456789', 0, null],
      ['0123456789a', 1, BASE_ID],
      ['0123456789ab', 2, second],
    ]);
  });

  it('resolves missing bases of a thin pack, also below a chain', async () => {
    const second = hashObject('blob', Buffer.from('0123456789a'));
    const pack = frame(refDelta(second, append('b', 11)), refDelta(BASE_ID, append('a')));
    const actual = await read(pack, { resolveBase: (id) => Promise.resolve(id === BASE_ID ? BASE : null) });
    expect(actual.map(({ body, depth }) => [body.toString(), depth])).toEqual([
      ['0123456789a', 1],
      ['0123456789ab', 2],
    ]);
  });

  it('names the missing base of a delta, and stops at a cycle of deltas', async () => {
    await expect(read(frame(refDelta(BASE_ID, append('a'))))).rejects.toMatchObject({
      code: 'missing-delta-base',
      baseId: BASE_ID,
    });
    const [one, two] = ['1'.repeat(40), '2'.repeat(40)];
    await expect(read(frame(refDelta(one, append('a')), refDelta(two, append('b'))))).rejects.toMatchObject({
      baseId: one,
    });
  });

  it.each([
    ['packBytes', 'pack-too-large', 50],
    ['objectBytes', 'object-too-large', 10],
    ['inflatedBytes', 'inflated-too-large', 26],
    ['objects', 'too-many-objects', 1],
    ['deltaDepth', 'delta-chain-too-deep', 0],
  ])('enforces the limit %s', async (name, code, limit) => {
    const pack = frame(blobEntry(BASE.body), refDelta(BASE_ID, append('a')));
    await expect(read(pack, { limits: { [name]: limit } })).rejects.toMatchObject({
      name: 'LimitExceededError',
      code,
      limit,
      retryable: false,
    });
    await expect(read(pack)).resolves.toHaveLength(2);
  });

  it('reads objects that are too large for memory without their body', async () => {
    const large = randomBytes(1_500_000);
    const pack = frame(blobEntry(BASE.body), blobEntry(large), refDelta(BASE_ID, append('a')));
    for (const length of [pack.length, 70_000]) {
      const objects = await collect(readPack(piecesOf(pack, length), { spool: new MemorySpool() }));
      expect(objects.map(({ id, size, body }) => [id, size, body?.toString() ?? null])).toEqual([
        [BASE_ID, 10, '0123456789'],
        [hashObject('blob', large), 1_500_000, null],
        [hashObject('blob', Buffer.from('0123456789a')), 11, '0123456789a'],
      ]);
    }
  });

  it('reads the objects of a large pack while it arrives, and keeps little of it', async () => {
    const bodies = Array.from({ length: 24 }, () => randomBytes(900_000));
    const pack = frame(...bodies.map((body) => blobEntry(body)));
    let received = 0;
    const pieces = function* () {
      for (const piece of piecesOf(pack, 65_536)) {
        received += piece.length;
        yield piece;
      }
    };
    let ahead = 0;
    const spool = { append: () => undefined, read: () => Promise.reject(new Error('nothing is read again')) };
    for await (const { offset, length } of readPack(pieces(), { spool })) {
      ahead = Math.max(ahead, received - offset - length);
    }
    expect(received).toBe(pack.length);
    expect(ahead).toBeLessThan(1_000_000);
  });

  it('reads a base again that did not stay in memory, with the deltas that it consists of', async () => {
    const base = Buffer.alloc(1_000_000, 'x');
    const copies = Array.from({ length: 30 }, (_, n) => Buffer.alloc(1_000_000, `${n}`));
    const chain = [base, ...['a', 'b'].map((_, n) => Buffer.concat([base, Buffer.alloc(n + 1, 'y')]))];
    const ids = chain.map((body) => hashObject('blob', body));
    const pack = frame(
      blobEntry(base),
      refDelta(ids[0]!, appendOne(1_000_000)),
      ...copies.map((copy) => blobEntry(copy)),
      refDelta(ids[1]!, appendOne(1_000_001)),
    );
    expect((await read(pack, {}, 50_000)).at(-1)).toMatchObject({ id: ids[2], depth: 2 });
  });

  it('does not inflate more than the announced size', async () => {
    const bomb = blobEntry(Buffer.alloc(10_000_000), 15);
    await expect(read(frame(bomb))).rejects.toMatchObject({ code: 'malformed-object' });
  });

  it.each([
    ['no pack', Buffer.from('hello, this is no pack at all, is it?')],
    ['an empty buffer', Buffer.alloc(0)],
    [
      'another version',
      Buffer.concat([Buffer.from('PACK\0\0\0\x03\0\0\0\0'), packChecksum(Buffer.from('PACK\0\0\0\x03\0\0\0\0'))]),
    ],
    ['a truncated pack', encodePack([BASE, BASE]).pack.subarray(0, -5)],
    ['fewer objects than announced', frameOf(2, blobEntry(BASE.body))],
    ['more objects than announced', frameOf(1, blobEntry(BASE.body), blobEntry(BASE.body))],
    ['an entry smaller than announced', frame(blobEntry(BASE.body, 11))],
    ['an entry of an unknown type', frame(Buffer.concat([Buffer.from([0x50]), deflateSync(Buffer.alloc(0))]))],
    ['an entry that does not inflate', frame(Buffer.from([0x31, 1, 2, 3]))],
    ['a delta based on itself', frame(Buffer.concat([Buffer.from([0x60 | 6, 0]), deflateSync(append('a'))]))],
    [
      'a delta with a base before the start of the pack',
      frame(Buffer.concat([Buffer.from([0x60 | 6, 120]), deflateSync(append('a'))])),
    ],
    ['a delta for a base of another size', frame(blobEntry(BASE.body), refDelta(BASE_ID, append('a', 11)))],
  ])('rejects %s', async (_, pack) => {
    await expect(read(pack)).rejects.toMatchObject({ code: 'malformed-object', retryable: false });
  });

  it('rejects a pack with any byte changed', async () => {
    const { pack } = encodePack([BASE, { type: 'tree', body: Buffer.alloc(0) }]);
    for (let at = 0; at < pack.length; at++) {
      const damaged = Buffer.from(pack);
      damaged[at]! ^= 1;
      // The number of objects is read long before the checksum that shows that it is damaged.
      const code = expect.stringMatching(/^(malformed-object|too-many-objects)$/);
      await expect(read(damaged)).rejects.toMatchObject({ code });
    }
  });

  it('pauses on long packs', async () => {
    let pauses = 0;
    const objects = Array.from({ length: 2500 }, (_, i): GitObject => ({ type: 'blob', body: Buffer.from(`${i}`) }));
    await read(encodePack(objects).pack, { pause: () => Promise.resolve(pauses++) });
    expect(pauses).toBe(2);
  });
});

function frameOf(count: number, ...entries: Buffer[]): Buffer {
  const content = Buffer.concat([packHeader(count), ...entries]);
  return Buffer.concat([content, packChecksum(content)]);
}
