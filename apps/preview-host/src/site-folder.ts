import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** An open file of a site. The caller closes it. */
export interface SiteFile {
  readonly kind: 'file';
  readonly handle: FileHandle;
  readonly bytes: number;
  /** Relative to the site's folder, e.g. `guides/index.html`. */
  readonly path: string;
}

/** The target of a URL path: a file, a folder (the path lacks its trailing slash), or nothing. */
export type SiteEntry = SiteFile | { readonly kind: 'folder' } | { readonly kind: 'none' };

const NONE: SiteEntry = { kind: 'none' };

/**
 * Opens the file that a URL path names in a site's folder. Never opens anything outside of the folder and never follows
 * a symbolic link: the real path of the file must equal the requested path. Static file servers for Fastify open by
 * path and follow links, so they cannot keep this rule.
 *
 * @param folder absolute
 * @param urlPath as received: percent-encoded, with its leading slash
 */
export async function openSiteFile(folder: string, urlPath: string): Promise<SiteEntry> {
  const names = namesOf(urlPath);
  if (names === null) return NONE;
  const isFolderPath = names.at(-1) === '';
  const path = isFolderPath ? [...names.slice(0, -1), 'index.html'].join('/') : names.join('/');
  const root = await realpath(folder).catch(() => null);
  if (root === null) return NONE;
  const target = join(root, path);
  const resolved = await realpath(target).catch(() => null);
  if (resolved !== target) return NONE;
  const handle = await open(target, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null);
  if (handle === null) return NONE;
  const status = await handle.stat();
  if (status.isFile()) return { kind: 'file', handle, bytes: status.size, path };
  await handle.close();
  return status.isDirectory() && !isFolderPath ? { kind: 'folder' } : NONE;
}

/** Splits a path into names; the last one is empty after a trailing slash. Returns null if the path is malformed. */
function namesOf(urlPath: string): string[] | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  const names = decoded.slice(1).split('/');
  const isInvalid = (name: string, index: number) =>
    name === '.' || name === '..' || /[\\\0]/.test(name) || (name === '' && index < names.length - 1);
  return names.some(isInvalid) ? null : names;
}
