import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { KekError } from './kek.error.js';

const keyRingSchema = z
  .object({
    id: z.string().min(1),
    /** The version that wraps; the newest where it is not said. */
    current: z.int().positive().optional(),
    /** Older versions stay until nothing is wrapped by them. */
    keys: z
      .array(z.object({ version: z.int().positive(), key: z.base64().length(44) }))
      .min(1)
      .refine((keys) => new Set(keys.map(({ version }) => version)).size === keys.length, 'a version appears twice'),
  })
  .refine(({ current, keys }) => keys.some(({ version }) => version === (current ?? version)), 'current is not there');
/** The versions of one KEK as text: what a key file and an environment variable hold. */
export type KeyRing = z.output<typeof keyRingSchema>;

export function newKeyRing(): KeyRing {
  return { id: `kek-${randomBytes(8).toString('hex')}`, keys: [newKey(1)] };
}

export function currentOf({ current, keys }: KeyRing): number {
  return current ?? newestOf(keys);
}

/** The one that wraps stays the same: every replica has to know a version before one wraps by it. */
export function withNewVersion(ring: KeyRing): KeyRing {
  return { ...ring, current: currentOf(ring), keys: [...ring.keys, newKey(newestOf(ring.keys) + 1)] };
}

export function withNewestAsCurrent(ring: KeyRing): KeyRing {
  return { ...ring, current: newestOf(ring.keys) };
}

/** @throws KekError if the one that wraps would go */
export function withoutVersionsUpTo(ring: KeyRing, version: number): KeyRing {
  if (version >= currentOf(ring)) throw new KekError(`Version ${currentOf(ring)} of ${ring.id} wraps now.`);
  return { ...ring, keys: ring.keys.filter((key) => key.version > version) };
}

function newestOf(keys: KeyRing['keys']): number {
  return Math.max(...keys.map(({ version }) => version));
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
