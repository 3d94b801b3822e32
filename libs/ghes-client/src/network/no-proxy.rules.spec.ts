import { describe, expect, it } from '@jest/globals';
import { bypassesProxy } from './no-proxy.rules.js';

describe('the hosts that are reached without the proxy', () => {
  it.each([
    ['ghes.example.com', true],
    ['example.com', true],
    ['.example.com', true],
    ['*.example.com', true],
    ['EXAMPLE.com:443', true],
    ['*', true],
    ['example.com:8443', false],
    ['ample.com', false],
    ['other.example.com', false],
    ['', false],
    ['.', false],
  ])('%s: %s', (entry, expected) => {
    expect(bypassesProxy(new URL('https://ghes.example.com'), [entry])).toBe(expected);
  });

  it.each([
    ['10.0.0.0/8', true],
    ['10.1.2.3', true],
    ['10.1.2.3:443', true],
    ['10.0.0.0/33', false],
    ['192.168.0.0/16', false],
    ['fd00::/8', false],
  ])('10.1.2.3 by %s: %s', (entry, expected) => {
    expect(bypassesProxy(new URL('https://10.1.2.3'), [entry])).toBe(expected);
  });

  it('matches IPv6 addresses and ranges', () => {
    const url = new URL('https://[fd00::1]');
    expect(['fd00::1', '[fd00::1]:443', 'fd00::/8', 'fe00::/8'].map((entry) => bypassesProxy(url, [entry]))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
