import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

/** The place of a file in a pack. */
export interface Place {
  /** Index in the list of packs. */
  readonly pack: number;
  readonly offset: number;
  readonly bytes: number;
  /** Identifies the content; empty if the next build must write the file again. */
  readonly key: string;
}

export interface Manifest {
  /** Ids of the packs. */
  readonly packs: readonly string[];
  readonly files: ReadonlyMap<string, Place>;
}

const VERSION = 1;
/** A builder never publishes names that begin with a dot, so files of a site cannot have this name. */
const MANIFEST_NAME = '.site.json';
const PACK_ID = /^[0-9a-f]{32}$/;

export function manifestPath(folder: string): string {
  return join(folder, MANIFEST_NAME);
}

export function newPackId(): string {
  return randomBytes(16).toString('hex');
}

/** @param id from a valid manifest, so that it is no path */
export function packPath(folder: string, id: string): string {
  return join(folder, `.${id}.pack`);
}

export function encodeManifest({ packs, files }: Manifest): string {
  const rows = [...files].map(([path, { pack, offset, bytes, key }]) => [path, pack, offset, bytes, key]);
  return JSON.stringify({ version: VERSION, packs, files: rows });
}

/** Returns null if the manifest is damaged, has another version, or names a pack or place that cannot exist. */
export function decodeManifest(text: string): Manifest | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { version, packs, files } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (version !== VERSION || !Array.isArray(packs) || !Array.isArray(files)) return null;
  if (!packs.every((id) => typeof id === 'string' && PACK_ID.test(id))) return null;
  const places = new Map<string, Place>();
  for (const row of files as readonly unknown[]) {
    if (!Array.isArray(row)) return null;
    const [path, pack, offset, bytes, key] = row as readonly unknown[];
    if (typeof path !== 'string' || typeof key !== 'string') return null;
    if (!isCount(pack) || pack >= packs.length || !isCount(offset) || !isCount(bytes)) return null;
    places.set(path, { pack, offset, bytes, key });
  }
  return { packs: packs as readonly string[], files: places };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
