import { describe, expect, it } from '@jest/globals';
import { deliveryHeaders, isJsonObject, isUnsupportedMedia } from './delivery-headers.rules.js';

const headers = { 'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958', 'x-github-event': 'pull_request' };

describe('deliveryHeaders', () => {
  it('parses event and id, and records host and version of the server', () => {
    const host = 'ghes.example.com';
    const complete = { ...headers, 'x-github-enterprise-host': host, 'x-github-enterprise-version': '3.17.2' };
    const required = { guid: headers['x-github-delivery'], event: 'pull_request' };
    expect(deliveryHeaders(complete)).toEqual({ ...required, enterpriseHost: host, enterpriseVersion: '3.17.2' });
    expect(deliveryHeaders(headers)).toEqual({ ...required, enterpriseHost: null, enterpriseVersion: null });
  });

  it.each([
    { 'x-github-event': undefined },
    { 'x-github-delivery': undefined },
    { 'x-github-delivery': '' },
    { 'x-github-delivery': 'a, b' },
    { 'x-github-delivery': 'a'.repeat(101) },
    { 'x-github-event': 'Push' },
    { 'x-github-event': '../push' },
  ])('rejects %j', (change) => {
    expect(deliveryHeaders({ ...headers, ...change })).toBeNull();
  });
});

describe('a body', () => {
  it('is a JSON object', () => {
    const bodies = ['{"a":1}', ' {} ', '[]', 'null', '1', '', '{', '{}{}', 'payload=%7B%7D'];
    expect(bodies.map((body) => isJsonObject(Buffer.from(body)))).toEqual([true, true, ...Array(7).fill(false)]);
  });

  it('is neither a form nor compressed', () => {
    expect(isUnsupportedMedia({ 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' })).toBe(true);
    expect(isUnsupportedMedia({ 'content-type': 'application/json' })).toBe(false);
    expect(isUnsupportedMedia({})).toBe(false);
    expect(isUnsupportedMedia({ 'content-encoding': 'gzip' })).toBe(true);
    expect(isUnsupportedMedia({ 'content-encoding': 'identity' })).toBe(false);
  });
});
