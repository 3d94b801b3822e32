import { randomBytes } from 'node:crypto';
import { open as openFile, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KekError } from './kek.error.js';
import { newKeyRing, parseKeyRing, withNewestAsCurrent, withNewVersion, withoutVersionsUpTo } from './key-ring.js';
import type { KeyRing } from './key-ring.js';

/**
 * Reads a key file.
 *
 * @param mayCreate creates a missing file with mode 0600; true only while nothing is encrypted
 * @throws KekError if the file is missing, readable by other users, or no key file
 */
export async function readKeyFile(path: string, mayCreate: boolean): Promise<KeyRing> {
  let handle: FileHandle;
  try {
    handle = await openFile(path, 'r');
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw new KekError(`The key file ${path} cannot be read.`, { cause: error });
    if (!mayCreate) {
      throw new KekError(`The key file ${path} is missing, but the database has credentials. Restore the file.`);
    }
    const ring = newKeyRing();
    await writeNew(path, ring);
    return ring;
  }
  try {
    const { mode } = await handle.stat();
    if ((mode & 0o077) !== 0) {
      throw new KekError(`The key file ${path} is readable by other users. Run: chmod 600 ${path}`);
    }
    return parseKeyRing(await handle.readFile('utf8'), `The key file ${path}`);
  } finally {
    await handle.close();
  }
}

/** Adds a version that does not wrap yet. Replaces the file atomically. @returns the version */
export async function addKeyVersion(path: string): Promise<number> {
  const ring = withNewVersion(await readKeyFile(path, false));
  await replace(path, ring);
  return ring.keys.at(-1)?.version ?? 0;
}

/** Makes the newest version current. */
export async function useNewestKey(path: string): Promise<void> {
  await replace(path, withNewestAsCurrent(await readKeyFile(path, false)));
}

/** Removes versions; data keys that they wrap are lost. @throws KekError if the current version would be removed */
export async function dropKeyVersions(path: string, upTo: number): Promise<void> {
  await replace(path, withoutVersionsUpTo(await readKeyFile(path, false), upTo));
}

async function replace(path: string, ring: KeyRing): Promise<void> {
  const next = `${path}.${randomBytes(4).toString('hex')}`;
  await writeNew(next, ring);
  await rename(next, path);
  // Without it, a power loss could restore the old file while the database has keys that only the new one unwraps.
  const folder = await openFile(dirname(path), 'r');
  await folder.sync().finally(() => folder.close());
}

/** `wx`: of two vaults that start together, one fails instead of encrypting with a key that is then overwritten. */
async function writeNew(path: string, ring: KeyRing): Promise<void> {
  const handle = await openFile(path, 'wx', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(ring, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
