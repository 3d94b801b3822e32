import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isId } from '@reunite/contracts';
import { existingProjectIds } from '@reunite/deployments';
import type { DataSource } from 'typeorm';

/** Files that cache the rendered pages of a project between builds, beside the artifacts. */
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

  /** Removes the caches of deleted projects, and temporary files of killed builds that are older than `before`. */
  async removeAbandoned(before: Date): Promise<void> {
    const names = await readdir(this.root).catch(() => []);
    const ids = names.filter((name) => isId('project', name));
    const existing = await existingProjectIds(this.dataSource, ids);
    for (const name of names) {
      const path = join(this.root, name);
      // A recent temporary file of an existing project is being written.
      const ofProject = existing.has(name.split('.')[0] ?? '');
      if (!ofProject || (name.endsWith('.tmp') && (await isOlder(path, before)))) await rm(path, { force: true });
    }
  }
}

async function isOlder(path: string, before: Date): Promise<boolean> {
  const status = await stat(path).catch(() => null);
  return status !== null && status.mtime < before;
}
