import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { SiteArchive } from '@reunite/site-archive';
import { LRUCache } from 'lru-cache';

/** An open file of a site: `bytes` bytes of `handle` from `offset` on. The caller closes it. */
export interface SiteFile {
  readonly kind: 'file';
  readonly handle: FileHandle;
  readonly offset: number;
  readonly bytes: number;
  /** Relative to the site's folder, e.g. `guides/index.html`. */
  readonly path: string;
}

/** The target of a URL path: a file, a folder (the path lacks its trailing slash), or nothing. */
export type SiteEntry = SiteFile | { readonly kind: 'folder' } | { readonly kind: 'none' };

const NONE: SiteEntry = { kind: 'none' };

/** Total size of the manifests that are kept in memory, in bytes as stored. */
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

/** The sites in a folder of artifacts. */
export class SiteFolders {
  private readonly archives = new LRUCache<string, SiteArchive>({
    maxSize: MAX_MANIFEST_BYTES,
    sizeCalculation: ({ manifestBytes }) => manifestBytes + 1_000,
  });

  /** @param root absolute */
  constructor(private readonly root: string) {}

  /**
   * Opens the file that a URL path names in the site of a deployment. Never opens anything outside of the site.
   *
   * @param urlPath as received: percent-encoded, with its leading slash
   */
  async open(deploymentId: string, urlPath: string): Promise<SiteEntry> {
    const names = namesOf(urlPath);
    if (names === null) return NONE;
    const folder = join(this.root, deploymentId);
    const archive = await this.archiveOf(folder);
    return archive ? openArchived(archive, names) : openSeparate(folder, names);
  }

  private async archiveOf(folder: string): Promise<SiteArchive | null> {
    const cached = this.archives.get(folder);
    const version = await SiteArchive.versionOf(folder);
    if (cached && cached.version === version) return cached;
    const archive = version === null ? null : await SiteArchive.open(folder);
    if (archive) this.archives.set(folder, archive);
    else this.archives.delete(folder);
    return archive;
  }
}

async function openArchived(archive: SiteArchive, names: readonly string[]): Promise<SiteEntry> {
  const { path, isFolderPath } = pathOf(names);
  const file = await archive.openFile(path);
  if (file) return { kind: 'file', ...file, path };
  return !isFolderPath && archive.hasFolder(path) ? { kind: 'folder' } : NONE;
}

/**
 * Opens a file of a site that was built before sites were stored in packs. Never follows a symbolic link: the real path of the
 * file must equal the requested path. Static file servers for Fastify open by path and follow links, so they cannot keep this
 * rule.
 */
async function openSeparate(folder: string, names: readonly string[]): Promise<SiteEntry> {
  const { path, isFolderPath } = pathOf(names);
  const root = await realpath(folder).catch(() => null);
  if (root === null) return NONE;
  const target = join(root, path);
  const resolved = await realpath(target).catch(() => null);
  if (resolved !== target) return NONE;
  const handle = await open(target, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null);
  if (handle === null) return NONE;
  const status = await handle.stat();
  if (status.isFile()) return { kind: 'file', handle, offset: 0, bytes: status.size, path };
  await handle.close();
  return status.isDirectory() && !isFolderPath ? { kind: 'folder' } : NONE;
}

/** The path of a file in the site. A path with a trailing slash is the index page of a folder. */
function pathOf(names: readonly string[]): { readonly path: string; readonly isFolderPath: boolean } {
  const isFolderPath = names.at(-1) === '';
  return { isFolderPath, path: isFolderPath ? [...names.slice(0, -1), 'index.html'].join('/') : names.join('/') };
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
