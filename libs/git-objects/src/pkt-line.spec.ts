import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodePackets, encodePacket } from './pkt-line.js';
import type { Packet } from './pkt-line.js';

const packet: fc.Arbitrary<Packet> = fc.oneof(
  fc.constantFrom<Packet>({ type: 'flush' }, { type: 'delim' }, { type: 'response-end' }),
  fc
    .uint8Array({ minLength: 1, maxLength: 300 })
    .map((bytes) => ({ type: 'data', payload: Buffer.from(bytes) }) as const),
);

describe('packet lines', () => {
  it('decode to the packets that were encoded', () => {
    fc.assert(
      fc.property(fc.array(packet), (packets) => {
        expect([...decodePackets(Buffer.concat(packets.map(encodePacket)))]).toEqual(packets);
      }),
    );
  });

  it('have the format of git', () => {
    expect(encodePacket('hello\n').toString()).toBe('000ahello\n');
    expect(encodePacket({ type: 'delim' }).toString()).toBe('0001');
    expect(encodePacket('x'.repeat(65_516)).length).toBe(65_520);
    expect(() => encodePacket('x'.repeat(65_517))).toThrow(RangeError);
    expect(() => encodePacket('')).toThrow(RangeError);
  });

  it.each(['0', '000ahello', '0003', 'fff1', '<html>', '-001', '0x10'])('are rejected as %j', (text) => {
    expect(() => [...decodePackets(Buffer.from(text))]).toThrow(
      expect.objectContaining({ code: 'remote-response-malformed' }),
    );
  });
});
