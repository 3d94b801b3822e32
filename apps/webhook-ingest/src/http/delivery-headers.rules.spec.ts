import { describe, expect, it } from '@jest/globals';
import { deliveryHeaders, isCompressed, isPayload } from './delivery-headers.rules.js';

const headers = { 'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958', 'x-github-event': 'pull_request' };

describe('deliveryHeaders', () => {
  it('parses event and id, and records host and version of the server', () => {
    const host = 'ghes.example.com';
    const complete = { ...headers, 'x-github-enterprise-host': host, 'x-github-enterprise-version': '3.17.2' };
    const required = { guid: headers['x-github-delivery'], event: 'pull_request', form: false };
    expect(deliveryHeaders(complete)).toEqual({ ...required, enterpriseHost: host, enterpriseVersion: '3.17.2' });
    expect(deliveryHeaders(headers)).toEqual({ ...required, enterpriseHost: null, enterpriseVersion: null });
  });

  it.each(['projects_v2_item', 'projects_v2'])('reads the event %s', (event) => {
    expect(deliveryHeaders({ ...headers, 'x-github-event': event })).toMatchObject({ event });
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
  it('can be a payload if it begins and ends like a JSON object', () => {
    const bodies = ['{"a":1}', ' {}\n', '[]', 'null', '1', '', '{', '}', '  ', 'payload=%7B%7D'];
    const accepted = bodies.map((body) => isPayload(Buffer.from(body), false));
    expect(accepted).toEqual([true, true, ...Array(8).fill(false)]);
  });

  it('can be a payload if it is a form with that field', () => {
    const bodies = ['payload=%7B%7D', 'a=b&payload=%7B%7D', 'xpayload=1', '{}', ''];
    const accepted = bodies.map((body) => isPayload(Buffer.from(body), true));
    expect(accepted).toEqual([true, true, false, false, false]);
  });

  it.each([
    ['application/x-www-form-urlencoded; charset=utf-8', true],
    ['Application/X-WWW-Form-Urlencoded', true],
    ['application/json', false],
    ['APPLICATION/JSON', false],
    [undefined, false],
  ])('of the type %s is a form: %s', (type, form) => {
    expect(deliveryHeaders({ ...headers, 'content-type': type })).toMatchObject({ form });
  });

  it('is not compressed', () => {
    const compressed = [undefined, 'identity', 'Identity', 'gzip', 'br'].map((encoding) =>
      isCompressed({ 'content-encoding': encoding }),
    );
    expect(compressed).toEqual([false, false, false, true, true]);
  });
});
