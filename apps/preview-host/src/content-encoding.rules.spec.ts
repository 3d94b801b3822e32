import { describe, expect, it } from '@jest/globals';
import { encodingFor, isCompressible } from './content-encoding.rules.js';

describe('encodingFor', () => {
  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip;q=1.0, br;q=0.5', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['*', 'br'],
    ['identity', null],
    ['deflate', null],
    ['gzip;q=0', null],
    ['', null],
    [undefined, null],
  ])('of %j is %j', (header, encoding) => {
    expect(encodingFor(header)).toBe(encoding);
  });
});

describe('isCompressible', () => {
  it.each([
    ['text/html; charset=utf-8', 5_000, true],
    ['application/json', 5_000, true],
    ['image/svg+xml', 5_000, true],
    ['image/png', 5_000, false],
    ['video/mp4', 5_000, false],
    ['application/octet-stream', 5_000, false],
    ['text/css', 100, false],
    ['text/javascript', 9 * 1024 * 1024, false],
  ])('of %s with %d bytes is %j', (type, bytes, expected) => {
    expect(isCompressible(type, bytes)).toBe(expected);
  });
});
