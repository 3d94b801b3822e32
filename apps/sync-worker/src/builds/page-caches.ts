import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isId } from '@reunite/contracts';
import { existingProjectIds } from '@reunite/deployments';
import type { DataSource } from 'typeorm';
import { copyTree } from './artifact-store.js';

/**
 * Stores data for the next build of a project, beside the artifacts: a file with rendered pages, and the site that was built last, whose
 * files are links to those of its deployment.
 */
export class PageCaches {
  private readonly root: string;

  /** @param artifactsUrl `file:///folder` */
  constructor(
    artifactsUrl: string,
    private readonly dataSource: Pick<DataSource, 'query'>,
  ) {
    this.root = join(fileURLToPath(artifactsUrl), 'page-caches');
  }

  /** One file per project, so that no organization reads pages of another. */
  file(projectId: string): string {
    if (!isId('project', projectId)) throw new RangeError(`${projectId} is not a project id.`);
    return join(this.root, projectId);
  }

  /** Puts the site that was built last into the folder of a new build. Leaves the folder empty if there is none. */
  async restoreSite(projectId: string, folder: string): Promise<void> {
    try {
      await copyTree(this.site(projectId), folder);
    } catch {
      // Never built, or just replaced by a concurrent build: everything is written again.
      for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    }
  }

  /** Keeps a built site for {@link restoreSite}. Of two concurrent builds, either one is kept. A full disk fails no build. */
  async keepSite(projectId: string, folder: string): Promise<void> {
    const site = this.site(projectId);
    let aside: string | undefined;
    try {
      await mkdir(this.root, { recursive: true });
      aside = await mkdtemp(`${site}.tmp-`);
      await copyTree(folder, aside);
      await rm(site, { recursive: true, force: true });
      await rename(aside, site);
    } catch {
      if (aside !== undefined) await rm(aside, { recursive: true, force: true }).catch(() => undefined);
    }
  }

  private site(projectId: string): string {
    return `${this.file(projectId)}.site`;
  }

  /** Removes the caches of deleted projects, and temporary files of killed builds that are older than `before`. */
  async removeAbandoned(before: Date): Promise<void> {
    const names = await readdir(this.root).catch(() => []);
    const ids = [...new Set(names.map(projectOf))].filter((name) => isId('project', name));
    const existing = await existingProjectIds(this.dataSource, ids);
    for (const name of names) {
      const path = join(this.root, name);
      // A recent temporary file of an existing project is being written.
      const ofProject = existing.has(projectOf(name));
      const isTemporary = name.includes('.tmp');
      if (!ofProject || (isTemporary && (await isOlder(path, before))))
        await rm(path, { recursive: true, force: true });
    }
  }
}

/** Names are the id of a project, which may be followed by a dot and more. */
function projectOf(name: string): string {
  return name.split('.')[0] ?? '';
}

async function isOlder(path: string, before: Date): Promise<boolean> {
  const status = await stat(path).catch(() => null);
  return status !== null && status.mtime < before;
}
