import { createPrivateKey } from 'node:crypto';
import type { KnownSecret } from '../simulator.client.js';

/**
 * The byte sequences to search for: the secret in plain text, in hexadecimal, and in base64 at the three alignments
 * that it can have within longer data.
 */
export function encodingsOf(secret: KnownSecret): Buffer[] {
  return piecesOf(secret).flatMap((piece) => {
    const hex = piece.toString('hex');
    const base64 = [0, 1, 2].map((offset) => base64Within(piece, offset));
    const url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
    return [piece, ...new Set([hex, hex.toUpperCase(), ...base64, ...url])].map((one) => Buffer.from(one));
  });
}

/** Kinds whose values are base64 of binary data. */
const BINARY_KINDS = ['kek', 'sign-in-key', 'tls-key'];

/**
 * The parts of a private key that are secret: its private numbers, and the second half of its PEM lines (the first half
 * contains the public key).
 */
function piecesOf({ kind, value }: KnownSecret): Buffer[] {
  if (BINARY_KINDS.includes(kind)) return [Buffer.from(value, 'base64')];
  if (kind !== 'private-key') return [Buffer.from(value)];
  const key = createPrivateKey(value);
  const { d = '', p = '', q = '' } = key.export({ format: 'jwk' });
  const pems = (['pkcs1', 'pkcs8'] as const).map((type) => key.export({ type, format: 'pem' }).toString());
  const lines = pems.flatMap((pem) => {
    const whole = pem.split('\n').filter((line) => line.length === 64);
    return whole.slice(whole.length / 2);
  });
  return [...[d, p, q].map((number) => Buffer.from(number, 'base64url')), ...lines.map((line) => Buffer.from(line))];
}

/** The base64 characters that depend only on `piece`, if it starts at `offset` modulo three. */
function base64Within(piece: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), piece]).toString('base64');
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + piece.length) * 8) / 6));
}
