import { describe, expect, it } from '@jest/globals';
import { readJson } from './read-json.rules.js';

const read = (text: string) =>
  readJson({ status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(text) }, 'GET /');

describe('readJson', () => {
  it.each([
    ['[12345678901234567890]', ['12345678901234567890']],
    ['{"id":-9007199254740993,"next":9007199254740991}', { id: '-9007199254740993', next: 9007199254740991 }],
    ['[1234567890.12345678901, 1e16, 1234567890123456789e2]', [1234567890.123456789, 1e16, 1.234567890123456789e20]],
    ['{"é\\"12345678901234567890":"12345678901234567890\\\\"}', { 'é"12345678901234567890': '12345678901234567890\\' }],
  ])('keeps every digit of large integers as a string: %s', (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it.each(['12345678901234567890-', '[1 2]', '"12345678901234567890'])('reads no value from %j', (text) => {
    expect(() => read(text)).toThrow('does not parse');
  });
});
