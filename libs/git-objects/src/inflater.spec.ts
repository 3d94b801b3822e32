import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deflateSync } from 'node:zlib';
import { createInflater } from './inflater.js';

describe('createInflater', () => {
  it('works in this version of Node.js, and inflates what deflateSync writes, up to its end', () => {
    const inflate = createInflater();
    if (!inflate) throw new Error('Packs are read with inflateSync, which is slower.');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), fc.nat(20), fc.nat(200), (bytes, before, after) => {
        const stream = deflateSync(bytes);
        const input = Buffer.concat([Buffer.alloc(before, 1), stream, Buffer.alloc(after, 2)]);
        const end = before + stream.length;
        expect(inflate(input, before, bytes.length)).toEqual({ code: null, data: Buffer.from(bytes), end });
        expect(inflate(input.subarray(0, end - 1), before, bytes.length)).toEqual({ code: 'Z_BUF_ERROR' });
      }),
    );
  });
});
