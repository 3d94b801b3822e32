import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { KekError } from './kek.error.js';

const keyRingSchema = z
  .object({
    id: z.string().min(1),
    /** The version that wraps. Default: the newest. */
    current: z.int().positive().optional(),
    /** All versions that a data key may be wrapped by. */
    keys: z
      .array(z.object({ version: z.int().positive(), key: z.base64().length(44) }))
      .min(1)
      .refine(
        (keys) => new Set(keys.map(({ version }) => version)).size === keys.length,
        'two keys have the same version',
      ),
  })
  .refine(
    ({ current, keys }) => keys.some(({ version }) => version === (current ?? version)),
    'current names no version',
  );
/** The versions of one KEK, as stored in a key file or an environment variable. */
export type KeyRing = z.output<typeof keyRingSchema>;

export function newKeyRing(): KeyRing {
  return { id: `kek-${randomBytes(8).toString('hex')}`, keys: [newKey(1)] };
}

export function currentOf({ current, keys }: KeyRing): number {
  return current ?? newestOf(keys);
}

/** Adds a version without making it current: every replica must have it before one wraps by it. */
export function withNewVersion(ring: KeyRing): KeyRing {
  return { ...ring, current: currentOf(ring), keys: [...ring.keys, newKey(newestOf(ring.keys) + 1)] };
}

export function withNewestAsCurrent(ring: KeyRing): KeyRing {
  return { ...ring, current: newestOf(ring.keys) };
}

/** @throws KekError if the current version would be removed */
export function withoutVersionsUpTo(ring: KeyRing, version: number): KeyRing {
  if (version >= currentOf(ring)) throw new KekError(`Version ${currentOf(ring)} of ${ring.id} is the current one.`);
  return { ...ring, keys: ring.keys.filter((key) => key.version > version) };
}

function newestOf(keys: KeyRing['keys']): number {
  return Math.max(...keys.map(({ version }) => version));
}

/** Drops the parser's message, which could quote the key. @throws KekError */
export function parseKeyRing(text: string, where: string): KeyRing {
  try {
    return keyRingSchema.parse(JSON.parse(text));
  } catch {
    throw new KekError(`${where} does not contain { "id", "keys": [{ "version", "key": 32 bytes base64 }] }.`);
  }
}

function newKey(version: number) {
  return { version, key: randomBytes(32).toString('base64') };
}
