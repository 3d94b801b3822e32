import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of a site, open; whoever gets it closes it. */
export interface SiteFile {
  readonly kind: 'file';
  readonly handle: FileHandle;
  readonly bytes: number;
  /** Below the site's folder, e.g. `guides/index.html`. */
  readonly path: string;
}

/** What stands at a path: a file, a folder that was named without its slash, or nothing. */
export type SitePlace = SiteFile | { readonly kind: 'folder' } | { readonly kind: 'nothing' };

const NOTHING: SitePlace = { kind: 'nothing' };

/**
 * Looks a path of a URL up in a site's folder. Nothing outside it is ever opened, and no symbolic link is followed: the
 * real path of a file must be the path that was asked for.
 *
 * @param folder absolute
 * @param urlPath as it came, percent-encoded, with its leading slash
 */
export async function lookUp(folder: string, urlPath: string): Promise<SitePlace> {
  const names = namesOf(urlPath);
  if (names === null) return NOTHING;
  const isFolderPath = names.at(-1) === '';
  const path = isFolderPath ? [...names.slice(0, -1), 'index.html'].join('/') : names.join('/');
  const root = await realpath(folder).catch(() => null);
  if (root === null) return NOTHING;
  const target = join(root, path);
  const found = await realpath(target).catch(() => null);
  if (found !== target) return NOTHING;
  const handle = await open(target, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null);
  if (handle === null) return NOTHING;
  const status = await handle.stat();
  if (status.isFile()) return { kind: 'file', handle, bytes: status.size, path };
  await handle.close();
  return status.isDirectory() && !isFolderPath ? { kind: 'folder' } : NOTHING;
}

/** The names of a path, the last one empty where it ends in a slash; null where it is no path below a root. */
function namesOf(urlPath: string): string[] | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  const names = decoded.slice(1).split('/');
  const isBad = (name: string, index: number) =>
    name === '.' || name === '..' || /[\\\0]/.test(name) || (name === '' && index < names.length - 1);
  return names.some(isBad) ? null : names;
}
