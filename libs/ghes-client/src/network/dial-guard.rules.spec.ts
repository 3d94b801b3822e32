import { describe, expect, it } from '@jest/globals';
import { parseCidrs } from './address-guard.rules.js';
import { DEFAULT_ALLOWED_PORTS, guardFor, proxyGuardFor } from './dial-guard.rules.js';

const rules = { opened: parseCidrs(['127.0.0.0/8']), ports: DEFAULT_ALLOWED_PORTS };
const accepts = (url: string, address: string) => guardFor(new URL(url), rules).accepts(address);

describe('guardFor', () => {
  it.each([
    ['https://h', '10.0.0.1', true],
    ['https://h:8443', '10.0.0.1', true],
    ['http://h', '10.0.0.1', true],
    ['https://h:80', '10.0.0.1', false],
    ['https://h:6379', '10.0.0.1', false],
    ['http://h:5432', 'fd12::1', false],
    ['https://h:6379', '127.0.0.1', true],
    ['https://h', '169.254.169.254', false],
    ['https://h:14500', '169.254.169.254', false],
  ])('attack: %s at %s is accepted: %s', (url, address, expected) => {
    expect(accepts(url, address)).toBe(expected);
  });

  it('allows the usual ports of proxies for proxies only', () => {
    expect(proxyGuardFor(new URL('http://proxy:3128'), rules).accepts('10.0.0.1')).toBe(true);
    expect(proxyGuardFor(new URL('http://proxy:6379'), rules).accepts('10.0.0.1')).toBe(false);
    expect(accepts('https://h:3128', '10.0.0.1')).toBe(false);
  });
});
