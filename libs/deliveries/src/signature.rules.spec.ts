import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { verifySignature } from './signature.rules.js';

// https://docs.github.com/enterprise-server/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
const secret = "It's a Secret to Everybody";
const body = Buffer.from('Hello, World!');
const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';

describe('verifySignature', () => {
  it('accepts the example of GitHub’s documentation', () => {
    expect(verifySignature(body, signature, [secret])).toBe(true);
  });

  it('accepts the secret before the current one, while both are given', () => {
    expect(verifySignature(body, signature, ['the new one', secret])).toBe(true);
    expect(verifySignature(body, signature, ['the new one', 'the one after'])).toBe(false);
  });

  it('refuses other bytes, however little differs', () => {
    expect(verifySignature(Buffer.from('Hello, World! '), signature, [secret])).toBe(false);
  });

  it('signs bytes, not text: a body that is not UTF-8 has its own signature', () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    const signed = `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
    expect(verifySignature(bytes, signed, [secret])).toBe(true);
    expect(verifySignature(Buffer.from(bytes.toString('utf8')), signed, [secret])).toBe(false);
  });

  it.each([
    ['nothing', undefined],
    ['an empty header', ''],
    ['SHA-1', 'sha1=757107ea0eb2509fc211221cce984b8a37570b6d'],
    ['no algorithm', signature.slice('sha256='.length)],
    ['too few digits', signature.slice(0, -2)],
    ['too many digits', `${signature}00`],
    ['no hexadecimal digits', `${signature.slice(0, -1)}g`],
    ['two signatures', `${signature}, ${signature}`],
  ])('refuses %s', (_, header) => {
    expect(verifySignature(body, header, [secret])).toBe(false);
  });

  it('refuses everything where there is no secret, and a signature under an empty one', () => {
    const unkeyed = `sha256=${createHmac('sha256', '').update(body).digest('hex')}`;
    expect(verifySignature(body, signature, [])).toBe(false);
    expect(verifySignature(body, unkeyed, [''])).toBe(false);
  });
});
