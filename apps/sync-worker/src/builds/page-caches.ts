import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isId } from '@reunite/contracts';
import { existingProjectIds } from '@reunite/deployments';
import type { DataSource } from 'typeorm';

/** Stores the rendered pages of each project for its next build, in one local file per project. */
export class PageCaches {
  constructor(
    private readonly folder: string,
    private readonly dataSource: Pick<DataSource, 'query'>,
  ) {}

  /** One file per project, so that no organization reads pages of another. */
  file(projectId: string): string {
    if (!isId('project', projectId)) throw new RangeError(`${projectId} is not a project id.`);
    return join(this.folder, projectId);
  }

  /** Removes the caches of deleted projects, and temporary files of killed builds that are older than `before`. */
  async removeAbandoned(before: Date): Promise<void> {
    const names = await readdir(this.folder).catch(() => []);
    const ids = [...new Set(names.map(projectOf))].filter((name) => isId('project', name));
    const existing = await existingProjectIds(this.dataSource, ids);
    for (const name of names) {
      const path = join(this.folder, name);
      // A recent temporary file of an existing project is being written.
      const ofProject = existing.has(projectOf(name));
      const isTemporary = name.includes('.');
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
