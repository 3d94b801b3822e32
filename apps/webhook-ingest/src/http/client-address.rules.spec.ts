import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { clientAddress } from './client-address.rules.js';

const request = (forwarded?: string) => ({
  socket: { remoteAddress: '10.0.0.1' } as Socket,
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
});

describe('clientAddress', () => {
  it('attack: a client cannot claim an address without a configured proxy', () => {
    expect(clientAddress(request('203.0.113.9'), 0)).toBe('10.0.0.1');
  });

  it('attack: entries that the client added itself do not count', () => {
    expect(clientAddress(request('1.1.1.1, 203.0.113.9'), 1)).toBe('203.0.113.9');
    expect(clientAddress(request('1.1.1.1, 203.0.113.9, 10.0.0.2'), 2)).toBe('203.0.113.9');
  });

  it('is the peer if the header is missing or too short', () => {
    expect(clientAddress(request(), 1)).toBe('10.0.0.1');
    expect(clientAddress(request('203.0.113.9'), 2)).toBe('10.0.0.1');
  });
});
