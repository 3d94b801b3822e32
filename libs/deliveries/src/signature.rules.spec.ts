import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { verifySignature } from './signature.rules.js';

// https://docs.github.com/enterprise-server/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation
const secret = "It's a Secret to Everybody";
const body = Buffer.from('Hello, World!');
const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';

describe('verifySignature', () => {
  it('accepts the example of GitHub’s documentation', async () => {
    expect(await verifySignature(body, signature, [secret])).toBe(true);
  });

  it('accepts the previous secret while it is given', async () => {
    expect(await verifySignature(body, signature, ['the current one', secret])).toBe(true);
    expect(await verifySignature(body, signature, ['the current one', 'another one'])).toBe(false);
  });

  it('rejects a body that differs in one byte', async () => {
    expect(await verifySignature(Buffer.from('Hello, World! '), signature, [secret])).toBe(false);
  });

  it('signs bytes, not text: a body that is not UTF-8 has its own signature', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    const signed = `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
    expect(await verifySignature(bytes, signed, [secret])).toBe(true);
    expect(await verifySignature(Buffer.from(bytes.toString('utf8')), signed, [secret])).toBe(false);
  });

  it('verifies bodies above the limit for the thread pool alike', async () => {
    const large = Buffer.alloc(256 * 1024, 'x');
    const signed = `sha256=${createHmac('sha256', secret).update(large).digest('hex')}`;
    expect(await verifySignature(large, signed, ['the current one', '', secret])).toBe(true);
    expect(await verifySignature(large, signature, [secret])).toBe(false);
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
  ])('rejects %s', async (_, header) => {
    expect(await verifySignature(body, header, [secret])).toBe(false);
  });

  it('rejects everything without a secret, and a signature under an empty one', async () => {
    const unkeyed = `sha256=${createHmac('sha256', '').update(body).digest('hex')}`;
    expect(await verifySignature(body, signature, [])).toBe(false);
    expect(await verifySignature(body, unkeyed, [''])).toBe(false);
  });
});
