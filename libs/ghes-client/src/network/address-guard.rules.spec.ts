import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvalidCidrError } from '../errors/invalid-cidr.error.js';
import { blockedReason, parseCidrs } from './address-guard.rules.js';

const nothing = parseCidrs([]);

/** The host of a URL, as passed to the guard. */
const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '');

describe('blockedReason', () => {
  it.each(['10.0.0.1', '192.168.1.1', '172.16.0.1', '100.64.0.1', '8.8.8.8', 'fd12::1', '2606:4700::1111'])(
    'lets %s pass: GitHub Enterprise Server lives in private ranges',
    (address) => {
      expect(blockedReason(address, nothing)).toBeUndefined();
    },
  );

  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.0.1', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['::127.0.0.1', 'loopback'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['64:ff9b:1:ffff::7f00:1', 'reserved'],
    ['64:ff9b:1:7f00:0:100::', 'reserved'],
    ['2002:7f00:1::', 'loopback'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['255.255.255.255', 'reserved'],
    ['169.254.169.254', 'metadata'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['64:ff9b::a9fe:a9fe', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['FD00:0EC2:0:0:0:0:0:254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['not-an-address', 'unspecified'],
  ])('blocks %s as %s', (address, reason) => {
    expect(blockedReason(address, nothing)).toBe(reason);
  });

  it.each(['http://2130706433/', 'http://0x7f.1/', 'http://017700000001/', 'http://127.1/', 'http://[::ffff:7f00:1]/'])(
    'blocks the loopback address in %s',
    (url) => {
      expect(blockedReason(hostOf(url), nothing)).toBe('loopback');
    },
  );

  it('opens the ranges of the operator in both notations, but never a metadata address', () => {
    const allowed = parseCidrs(['127.0.0.0/8', '::1', '0.0.0.0/0', '::/0']);
    expect(blockedReason('127.0.0.1', allowed)).toBeUndefined();
    expect(blockedReason('::1', allowed)).toBeUndefined();
    expect(blockedReason('::ffff:127.0.0.1', parseCidrs(['127.0.0.1']))).toBeUndefined();
    expect(blockedReason('169.254.169.254', allowed)).toBe('metadata');
    expect(blockedReason('::ffff:100.100.100.200', allowed)).toBe('metadata');
  });

  it('applies the same rule to an IPv4 address and to IPv6 addresses that contain it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const reason = blockedReason(address, nothing);
        expect(blockedReason(`::ffff:${address}`, nothing)).toBe(reason);
        expect(blockedReason(`64:ff9b::${address}`, nothing)).toBe(reason);
      }),
    );
  });

  it('never throws on an address', () => {
    fc.assert(fc.property(fc.oneof(fc.ipV6(), fc.string()), (address) => void blockedReason(address, nothing)));
  });
});

describe('parseCidrs', () => {
  it.each(['10.0.0.0/33', '::/129', 'localhost', '10.0.0.0/8/8', '10.0.0.0/', ''])('rejects %j', (cidr) => {
    expect(() => parseCidrs([cidr])).toThrow(InvalidCidrError);
  });
});
