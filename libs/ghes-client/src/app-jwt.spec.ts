import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { privateKeySigner, readAppPrivateKey, signAppJwt } from './app-jwt.js';
import { InvalidPrivateKeyError } from './errors/invalid-private-key.error.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const now = new Date('2026-01-01T00:00:00.700Z');
const nowSeconds = 1767225600;

const decode = (segment: string | undefined): unknown =>
  JSON.parse(Buffer.from(segment ?? '', 'base64url').toString('utf8')) as unknown;

describe('signAppJwt', () => {
  it.each([
    ['PKCS#1', pkcs1],
    ['PKCS#8', pkcs8],
    ['PKCS#1 with escaped line breaks', pkcs1.replaceAll('\n', '\\n')],
  ])('signs with a key in %s', async (_, privateKeyPem) => {
    const [header, payload, signature] = (
      await signAppJwt({ appId: 7, sign: privateKeySigner(privateKeyPem), now })
    ).split('.');
    expect(decode(header)).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(decode(payload)).toEqual({ iss: 7, iat: nowSeconds - 60, exp: nowSeconds + 540 });
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature!, 'base64url'))).toBe(
      true,
    );
  });

  it("uses the server's clock", async () => {
    const jwt = await signAppJwt({ appId: 7, sign: privateKeySigner(pkcs1), now, clockSkewSeconds: -300 });
    expect(decode(jwt.split('.')[1])).toMatchObject({ iat: nowSeconds - 360, exp: nowSeconds + 240 });
  });
});

describe('readAppPrivateKey', () => {
  it.each([
    [
      'an EC key',
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
      /type ec/,
    ],
    [
      'a short key',
      generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs1', format: 'pem' }),
      /1024 bits/,
    ],
    ['a public key', publicKey.export({ type: 'spki', format: 'pem' }), /public key/],
    ['half a key', pkcs1.slice(0, 400), /does not parse/],
    ['nothing', '', /does not parse/],
  ])('rejects %s', (_, pem, message) => {
    const read = (): unknown => readAppPrivateKey(pem.toString());
    expect(read).toThrow(InvalidPrivateKeyError);
    expect(read).toThrow(message);
  });
});
