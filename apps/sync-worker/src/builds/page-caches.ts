import { readdir, rm } from 'node:fs/promises';
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
    private readonly dataSource: DataSource,
  ) {
    this.root = join(fileURLToPath(artifactsUrl), 'page-caches');
  }

  /** A project's own: rendered pages of one organization never become another's. */
  file(projectId: string): string {
    if (!isId('project', projectId)) throw new RangeError(`${projectId} is no project's id.`);
    return join(this.root, projectId);
  }

  /** Removes those of projects that are gone, and what a killed build left behind. */
  async removeAbandoned(): Promise<void> {
    const names = await readdir(this.root).catch(() => []);
    const ids = names.filter((name) => isId('project', name));
    const there = await this.dataSource.query<{ id: string }[]>('SELECT id FROM project WHERE id = ANY($1)', [ids]);
    const kept = new Set(there.map(({ id }) => id));
    // A file beside a project's that is still there is being written, or will be overwritten.
    const gone = names.filter((name) => !kept.has(name.split('.')[0] ?? ''));
    for (const name of gone) await rm(join(this.root, name), { force: true });
  }
}
