import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deflateSync } from 'node:zlib';
import { collect } from '../test/collect.js';
import { hashObject } from './object.js';
import type { GitObject, ObjectType } from './object.js';
import { encodePack } from './pack-encoder.js';
import { packChecksum, packHeader } from './pack-frame.js';
import { readPack } from './pack-reader.js';
import type { ReadPackOptions } from './pack-reader.js';

const types: ObjectType[] = ['commit', 'tree', 'blob', 'tag'];
const object = fc.record({
  type: fc.constantFrom(...types),
  body: fc
    .oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 2000, maxLength: 5000 }))
    .map((b) => Buffer.from(b)),
});
const read = (pack: Buffer, options?: ReadPackOptions) => collect(readPack(pack, options));
const frame = (...entries: Buffer[]) => {
  const content = Buffer.concat([packHeader(entries.length), ...entries]);
  return Buffer.concat([content, packChecksum(content)]);
};
const BASE: GitObject = { type: 'blob', body: Buffer.from('0123456789') };
const BASE_ID = hashObject('blob', BASE.body);
/** A delta that appends one character to ten bytes. */
const append = (char: string, size = 10) => Buffer.from([size, size + 1, 0b1001_0000, size, 1, char.charCodeAt(0)]);
const refDelta = (baseId: string, delta: Buffer) =>
  Buffer.concat([Buffer.from([0x70 | delta.length]), Buffer.from(baseId, 'hex'), deflateSync(delta)]);
const blobEntry = (body: Buffer, announced = body.length) =>
  Buffer.concat([Buffer.from([0x30 | announced]), deflateSync(body)]);

describe('readPack', () => {
  it('reads the objects that encodePack writes, at the returned offsets', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(object, { maxLength: 8 }), async (objects) => {
        const { pack, entries } = encodePack(objects);
        const actual = await read(pack);
        expect(actual.map(({ type, body }) => ({ type, body }))).toEqual(objects);
        expect(actual.map(({ id, offset, length }) => ({ id, offset, length }))).toEqual(entries);
      }),
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
      await expect(read(damaged)).rejects.toMatchObject({ code: 'malformed-object' });
    }
  });

  it('pauses on long packs', async () => {
    let pauses = 0;
    const objects = Array.from({ length: 2500 }, (_, i): GitObject => ({ type: 'blob', body: Buffer.from(`${i}`) }));
    await read(encodePack(objects).pack, { pause: () => Promise.resolve(pauses++) });
    expect(pauses).toBe(5);
  });
});

function frameOf(count: number, ...entries: Buffer[]): Buffer {
  const content = Buffer.concat([packHeader(count), ...entries]);
  return Buffer.concat([content, packChecksum(content)]);
}
