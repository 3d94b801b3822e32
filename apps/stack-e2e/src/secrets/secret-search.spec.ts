import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { SecretSearch } from './secret-search.js';

const token = { kind: 'user-token', value: 'ghu_0123456789abcdefghijklmnopqrstuvwxyz' };
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = { kind: 'private-key', value: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString() };
const search = new SecretSearch([token, key]);
const json = (value: string) => JSON.stringify({ nested: JSON.stringify({ value }) });

describe('SecretSearch', () => {
  it.each([
    ['in plain text', Buffer.from(`{"token":"${token.value}"}`)],
    ['in hexadecimal', Buffer.from(`\\x00${Buffer.from(token.value).toString('hex')}00`)],
    ['in base64 as a whole', Buffer.from(Buffer.from(token.value).toString('base64'))],
    ['in base64, after one byte', Buffer.from(Buffer.from(`:${token.value}:`).toString('base64'))],
    ['in base64, after two', Buffer.from(Buffer.from(`a:${token.value} and more`).toString('base64url'))],
  ])('finds a token %s', (_, bytes) => {
    expect(search.kindsIn(bytes)).toEqual(['user-token']);
  });

  it.each([
    ['PEM', Buffer.from(key.value)],
    ['PEM within JSON within JSON', Buffer.from(json(key.value))],
    ['PKCS#8', Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }))],
    ['DER', privateKey.export({ type: 'pkcs8', format: 'der' })],
    ['a line of it', Buffer.from(key.value.split('\n')[20] ?? '')],
    ['JWK', Buffer.from(JSON.stringify(privateKey.export({ format: 'jwk' })))],
  ])('finds a private key as %s', (_, bytes) => {
    expect(search.kindsIn(bytes)).toEqual(['private-key']);
  });

  it('does not report public keys and hashes', () => {
    expect(search.kindsIn(Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })))).toEqual([]);
    expect(search.kindsIn(publicKey.export({ type: 'pkcs1', format: 'der' }))).toEqual([]);
    expect(search.kindsIn(Buffer.from(token.value.slice(0, -1)))).toEqual([]);
  });
});
