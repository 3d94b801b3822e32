import { readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.js';

/** Local folders of builds. Builds may write to those of sites and pages, and to nothing else. */
export interface BuildFolders {
  /** Sites that are being built. */
  readonly sites: string;
  /** Rendered pages, for the next build of a project. */
  readonly pageCaches: string;
  /** Copies of repositories whose content is in a bucket: builds have no credentials to read it there. */
  readonly content: string;
  /** Files of Git LFS for running builds, which read them and cannot change them. */
  readonly lfsFiles: string;
}

/**
 * Returns the folders below BUILD_FOLDER. By default, they are below the artifact store if it is a folder, so that sites are
 * moved instead of copied and replicas share the caches, and otherwise below the system's temporary folder.
 */
export function buildFolders({
  BUILD_FOLDER,
  ARTIFACTS_URL,
}: Pick<Config, 'BUILD_FOLDER' | 'ARTIFACTS_URL'>): BuildFolders {
  const local = ARTIFACTS_URL.startsWith('file:') ? fileURLToPath(ARTIFACTS_URL) : join(tmpdir(), 'reunite-builds');
  const root = BUILD_FOLDER ?? local;
  return {
    sites: join(root, 'builds'),
    pageCaches: join(root, 'page-caches'),
    content: join(root, 'content-copies'),
    lfsFiles: join(root, 'lfs-files'),
  };
}

/** Removes what builds of processes that died left in a folder, if it is older than `before`. */
export async function removeOldFolders(parent: string, before: Date): Promise<void> {
  // The folder does not exist before the first build.
  for (const name of await readdir(parent).catch(() => [])) {
    const folder = join(parent, name);
    const status = await stat(folder).catch(() => null);
    if (status && status.mtime < before) await rm(folder, { recursive: true, force: true });
  }
}
