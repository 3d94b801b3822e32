import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { KekError } from './kek.error.js';

const keyRingSchema = z.object({
  id: z.string().min(1),
  /** Older versions stay until nothing is wrapped by them; the newest wraps. */
  keys: z
    .array(z.object({ version: z.int().positive(), key: z.base64().length(44) }))
    .min(1)
    .refine((keys) => new Set(keys.map(({ version }) => version)).size === keys.length, 'a version appears twice'),
});
/** The versions of one KEK as text: what a key file and an environment variable hold. */
export type KeyRing = z.output<typeof keyRingSchema>;

export function newKeyRing(): KeyRing {
  return { id: `kek-${randomBytes(8).toString('hex')}`, keys: [newKey(1)] };
}

export function withNewVersion(ring: KeyRing): KeyRing {
  const newest = Math.max(...ring.keys.map(({ version }) => version));
  return { ...ring, keys: [...ring.keys, newKey(newest + 1)] };
}

/** @throws KekError if the newest, which wraps, would go */
export function withoutVersionsUpTo(ring: KeyRing, version: number): KeyRing {
  const keys = ring.keys.filter((key) => key.version > version);
  if (keys.length === 0) throw new KekError(`Version ${version} is the newest of ${ring.id} and wraps now.`);
  return { ...ring, keys };
}

/** The parser's own message could quote the text, so it is not passed on. @throws KekError */
export function parseKeyRing(text: string, where: string): KeyRing {
  try {
    return keyRingSchema.parse(JSON.parse(text));
  } catch {
    throw new KekError(`${where} does not hold { "id", "keys": [{ "version", "key": 32 bytes base64 }] }.`);
  }
}

function newKey(version: number) {
  return { version, key: randomBytes(32).toString('base64') };
}
