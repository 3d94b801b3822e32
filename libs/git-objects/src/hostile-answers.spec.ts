import { describe, expect, it } from '@jest/globals';
import { growthExponent } from '@reunite/testing';
import { collect } from '../test/collect.js';
import { parseCapabilityAdvertisement } from './capability-advertisement.js';
import { applyDelta } from './delta.js';
import { parseFetchResponse } from './fetch.js';
import { parseLsRefs } from './ls-refs.js';
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
    ['packets of one byte', manyPackets('\u0001'), (body) => parseFetchResponse(Buffer.from(body))],
    ['shallow lines', manyPackets(`shallow ${id}\n`), (body) => parseFetchResponse(Buffer.from(body))],
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

  it('moves the pack together within the response', () => {
    const { pack } = encodePack([{ type: 'blob', body: Buffer.from('a page') }]);
    const parts = [pack.subarray(0, 10), pack.subarray(10)].map((part) =>
      encodePacket({ type: 'data', payload: Buffer.concat([Buffer.from([1]), part]) }),
    );
    const body = Buffer.concat([encodePacket('packfile\n'), ...parts, encodePacket({ type: 'flush' })]);
    const response = parseFetchResponse(body);
    expect(response.pack).toEqual(pack);
    expect(response.pack.buffer).toBe(body.buffer);
  });

  it('attack: packs that inflate to much more share the memory of the process', async () => {
    const bomb = encodePack([{ type: 'blob', body: Buffer.alloc(600) }]).pack;
    const memory = new PackMemory(1_000);
    const first = readPack(bomb, { memory });
    await first.next();
    await expect(collect(readPack(bomb, { memory }))).rejects.toThrow(PackMemoryError);
    await first.return(undefined);
    expect(await collect(readPack(bomb, { memory }))).toHaveLength(1);
  });

  it('attack: a pack of large objects lets other work run', async () => {
    const objects = Array.from({ length: 20 }, (_, n) => ({ type: 'blob' as const, body: Buffer.alloc(1_048_576, n) }));
    let pauses = 0;
    const pause = () => Promise.resolve((pauses += 1));
    await collect(readPack(encodePack(objects).pack, { pause }));
    expect(pauses).toBeGreaterThanOrEqual(4);
  });
});
