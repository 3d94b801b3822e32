import { createPrivateKey } from 'node:crypto';
import type { GivenSecret } from '../simulator.client.js';

/**
 * The byte sequences by which a secret is known wherever it stands: as it is, in hexadecimal, and in base64 at each of
 * the three alignments that it can have inside of something longer.
 */
export function spellings(secret: GivenSecret): Buffer[] {
  return piecesOf(secret).flatMap((piece) => {
    const hex = piece.toString('hex');
    const base64 = [0, 1, 2].map((offset) => base64Within(piece, offset));
    const url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
    return [piece, ...new Set([hex, hex.toUpperCase(), ...base64, ...url])].map((one) => Buffer.from(one));
  });
}

/** Their values are base64 of what they are. */
const BINARY_KINDS = ['kek', 'sign-in-key', 'tls-key'];

/**
 * Of a private key, what only its owner knows: its numbers, and the lines of its PEM that hold them. The first half of
 * the lines is the public key, too.
 */
function piecesOf({ kind, value }: GivenSecret): Buffer[] {
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

/** The characters of base64 that depend on nothing but `piece`, where `offset` bytes modulo three stand before it. */
function base64Within(piece: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), piece]).toString('base64');
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + piece.length) * 8) / 6));
}
