import { randomBytes } from 'node:crypto';

/** The place of a file in a pack. */
export interface Place {
  /** Index in the list of packs. */
  readonly pack: number;
  readonly offset: number;
  readonly bytes: number;
  /** Hash of the content; empty in manifests of version 1. */
  readonly hash: string;
  /** Identifies the source of the content; empty if the next build must write the file again. */
  readonly key: string;
}

export interface Pack {
  readonly id: string;
  /** Size of the pack; null in manifests of version 1. */
  readonly bytes: number | null;
}

export interface Manifest {
  /** The project whose packs it names; null if the packs are beside the manifest, as in a folder that is being built. */
  readonly projectId: string | null;
  readonly packs: readonly Pack[];
  readonly files: ReadonlyMap<string, Place>;
}

/** Version 1 had no sizes of packs and no hashes. Its packs are beside the manifest. */
const VERSION = 2;
/** A builder never publishes names that begin with a dot, so files of a site cannot have this name. */
export const MANIFEST_NAME = '.site.json';
export const PACK_ID = /^[0-9a-f]{32}$/;
const PROJECT_ID = /^[a-z0-9_]{1,100}$/;
const HASH = /^[\w-]{0,64}$/;

export function newPackId(): string {
  return randomBytes(16).toString('hex');
}

/** The name of a pack beside its manifest. @param id from a valid manifest, so that it is no path */
export function localPackName(id: string): string {
  return `.${id}.pack`;
}

export function encodeManifest({ projectId, packs, files }: Manifest): string {
  const rows = [...files].map(([path, { pack, offset, bytes, hash, key }]) => [path, pack, offset, bytes, hash, key]);
  // The packs come first: a garbage collection reads the beginning only.
  return JSON.stringify({ version: VERSION, projectId, packs: packs.map(({ id, bytes }) => [id, bytes]), files: rows });
}

/** Returns null if the manifest is damaged, has another version, or names a pack or place that cannot exist. */
export function decodeManifest(text: string): Manifest | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { version, projectId = null, packs, files } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if ((version !== 1 && version !== VERSION) || !Array.isArray(packs) || !Array.isArray(files)) return null;
  if (projectId !== null && !(typeof projectId === 'string' && PROJECT_ID.test(projectId))) return null;
  const decodedPacks = packs.map(version === 1 ? packOfVersion1 : packOf);
  const places = files.map((row) => placeOf(row, version, decodedPacks));
  if (!decodedPacks.every((pack) => pack !== null) || !places.every((place) => place !== null)) return null;
  return { projectId, packs: decodedPacks, files: new Map(places) };
}

/** @returns the packs that the beginning of a manifest names; null for manifests of version 1, which share no packs */
export function decodePackIds(start: string): { readonly projectId: string; readonly ids: readonly string[] } | null {
  const [, projectId, packs = ''] =
    /^\{"version":2,"projectId":"([a-z0-9_]+)","packs":\[([^{}]*?)\],"files":/.exec(start) ?? [];
  return projectId === undefined ? null : { projectId, ids: packs.match(/[0-9a-f]{32}/g) ?? [] };
}

/** The manifest with only these of its packs, and the files in them. */
export function withPacks(manifest: Manifest, packs: readonly Pack[]): Manifest {
  const ids = packs.map(({ id }) => id);
  const files = new Map<string, Place>();
  for (const [path, place] of manifest.files) {
    const pack = ids.indexOf(manifest.packs[place.pack]?.id ?? '');
    if (pack !== -1) files.set(path, { ...place, pack });
  }
  return { ...manifest, packs, files };
}

function packOf(row: unknown): Pack | null {
  const [id, bytes] = Array.isArray(row) ? (row as readonly unknown[]) : [];
  if (typeof id !== 'string' || !PACK_ID.test(id) || !(bytes === null || isCount(bytes))) return null;
  return { id, bytes };
}

function packOfVersion1(id: unknown): Pack | null {
  return typeof id === 'string' && PACK_ID.test(id) ? { id, bytes: null } : null;
}

function placeOf(row: unknown, version: number, packs: readonly (Pack | null)[]): [string, Place] | null {
  if (!Array.isArray(row)) return null;
  const [path, pack, offset, bytes, ...rest] = row as readonly unknown[];
  const [hash, key] = version === 1 ? ['', rest[0]] : rest;
  if (typeof path !== 'string' || typeof key !== 'string' || typeof hash !== 'string' || !HASH.test(hash)) return null;
  if (!isCount(pack) || !isCount(offset) || !isCount(bytes)) return null;
  const packBytes = packs[pack]?.bytes;
  // Version 1 has no sizes of packs.
  if (packBytes === undefined || (packBytes !== null && offset + bytes > packBytes)) return null;
  return [path, { pack, offset, bytes, hash, key }];
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
