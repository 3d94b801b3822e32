import type { BlobStorage } from '@reunite/blob-storage';
import { SiteArchive } from '@reunite/site-archive';
import type { ArchivedFile } from '@reunite/site-archive';
import { LRUCache } from 'lru-cache';

/** A file of a site, with its path in the site, e.g. `guides/index.html`. */
export interface SiteFile {
  readonly kind: 'file';
  readonly file: ArchivedFile;
  readonly path: string;
}

/** The target of a URL path: a file, a folder (the path lacks its trailing slash), or nothing. */
export type SiteEntry = SiteFile | { readonly kind: 'folder' } | { readonly kind: 'none' };

const NONE: SiteEntry = { kind: 'none' };

/** Total size of the manifests that are kept in memory, in bytes as stored. */
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;
/** One page load is many requests, so the storage is asked for a newer manifest at this interval. */
const MANIFEST_TTL_MS = 1_000;

/** The sites of deployments. */
export class Sites {
  private readonly archives: LRUCache<string, SiteArchive>;

  constructor(storage: BlobStorage) {
    this.archives = new LRUCache<string, SiteArchive>({
      maxSize: MAX_MANIFEST_BYTES,
      sizeCalculation: ({ manifestBytes }) => manifestBytes + 1_000,
      ttl: MANIFEST_TTL_MS,
      fetchMethod: async (deploymentId, stale) => {
        const version = stale && (await SiteArchive.versionOf(storage, deploymentId));
        if (stale && stale.version === version) return stale;
        return (await SiteArchive.open(storage, deploymentId)) ?? undefined;
      },
    });
  }

  /**
   * Returns the file that a URL path names in the site of a deployment. Only files of the manifest exist.
   *
   * @param urlPath as received: percent-encoded, with its leading slash
   */
  async find(deploymentId: string, urlPath: string): Promise<SiteEntry> {
    const names = namesOf(urlPath);
    const archive = names && (await this.archives.fetch(deploymentId));
    if (!archive) return NONE;
    const { path, isFolderPath } = pathOf(names);
    const file = archive.file(path);
    if (file) return { kind: 'file', file, path };
    return !isFolderPath && archive.hasFolder(path) ? { kind: 'folder' } : NONE;
  }
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
