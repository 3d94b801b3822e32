import { describe, expect, it } from '@jest/globals';
import { growthExponent } from '@reunite/testing';
import { parseDelivery } from './parse-delivery.rules.js';
import { readablePayload } from './redact-payload.rules.js';

const JSON_TEXT = ['[', '{"a":', '"', '"\\', '1', ' ', '[],', '"a":1,', '\\u0000'];
const FORM = ['&', 'payload=', '%', '%2', '+', '&payload=', '='];
const id = 'a'.repeat(40);

const parse =
  (event: string, form = false) =>
  (text: string) => {
    parseDelivery({ event, form, body: Buffer.from(text) });
  };
const field = (event: string, payload: (text: string) => object) => (text: string) => {
  parse(event)(JSON.stringify(payload(text)));
};
const pull = (text: string) => ({
  repository: { id: 1, full_name: text },
  sender: { login: text },
  number: 1,
  pull_request: { title: text, state: text, html_url: text, updated_at: text, head: { ref: text, sha: text } },
});

describe('the body of a delivery', () => {
  it.each<[string, readonly string[], (text: string) => unknown]>([
    ['JSON', JSON_TEXT, parse('push')],
    ['JSON in an object', JSON_TEXT, (text) => parse('push')(`{"repository":{"id":1},${text}`)],
    ['a form', FORM, parse('push', true)],
    ['ids of commits', ['a', id, ' '], field('push', (text) => ({ repository: { id: 1 }, ref: text, before: text }))],
    ['fields of a pull request', ['2026-', '01', 'T00:00:00.', '\0', '+00:00'], field('pull_request', pull)],
    ['the name of an event', ['a', 'push'], (event) => parse(event)('{}')],
    ['JSON for display', JSON_TEXT, readablePayload],
    ['names of fields for display', ['secret', 'private_', '_url'], (text) => readablePayload(`{"${text}":"a"}`)],
  ])('attack: %s takes time linear to its size', (_, texts, read) => {
    const grows = (text: string) =>
      growthExponent((size) => text.repeat(size / text.length), read, { maxSize: 262_144 }) > 1.6;
    expect(texts.filter(grows)).toEqual([]);
  });
});
