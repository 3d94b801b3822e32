import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isId } from '@reunite/contracts';
import type { DataSource } from 'typeorm';

/** Where the rendered pages of a project are kept from build to build: one file each, beside the built deployments. */
export class PageCaches {
  private readonly root: string;

  /** @param artifactsUrl `file:///folder` */
  constructor(
    artifactsUrl: string,
    private readonly dataSource: Pick<DataSource, 'query'>,
  ) {
    this.root = join(fileURLToPath(artifactsUrl), 'page-caches');
  }

  /** A project's own: rendered pages of one organization never become another's. */
  file(projectId: string): string {
    if (!isId('project', projectId)) throw new RangeError(`${projectId} is no project's id.`);
    return join(this.root, projectId);
  }

  /** Removes those of projects that are gone, and what builds left behind that were killed before `before`. */
  async removeAbandoned(before: Date): Promise<void> {
    const names = await readdir(this.root).catch(() => []);
    const ids = names.filter((name) => isId('project', name));
    const there = await this.dataSource.query<{ id: string }[]>('SELECT id FROM project WHERE id = ANY($1)', [ids]);
    const kept = new Set(there.map(({ id }) => id));
    for (const name of names) {
      const path = join(this.root, name);
      // A young file beside a project's that is there is being written.
      const ofProject = kept.has(name.split('.')[0] ?? '');
      if (!ofProject || (name.endsWith('.tmp') && (await isOlder(path, before)))) await rm(path, { force: true });
    }
  }
}

async function isOlder(path: string, before: Date): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && found.mtime < before;
}
