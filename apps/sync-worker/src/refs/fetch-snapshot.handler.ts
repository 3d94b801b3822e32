import type { ContentStore } from '@reunite/content-store';
import type { jobs, PayloadOf, ResultOf } from '@reunite/contracts';
import { countCommitsBetween, GhesNotFoundError } from '@reunite/ghes-client';
import type { GhesClient, RepositoryName } from '@reunite/ghes-client';
import type { JobHandler } from '@reunite/queueing';
import { fetchSnapshot } from '@reunite/repositories';
import type { DataSource } from 'typeorm';
import type { GhesAccess } from '../connections/ghes-access.js';

/**
 * Stores the snapshot of a commit that a branch contains. Other commits are not fetched: a server answers with the content
 * of forks, also of private ones. Safe to run twice: the store takes in a pack once.
 */
export class FetchSnapshotHandler implements JobHandler<typeof jobs.fetchSnapshot> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesAccess,
    private readonly content: ContentStore,
  ) {}

  async handle(payload: PayloadOf<typeof jobs.fetchSnapshot>): Promise<ResultOf<typeof jobs.fetchSnapshot>> {
    const { repositoryId, refName, head, commit } = payload;
    const { client, git, name } = await this.ghes.repository(repositoryId);
    if (!(await contains(client({ contents: 'read' }), name, head, commit))) return { tree: null };
    const objects = this.content.repository(repositoryId);
    const tree = await fetchSnapshot(this.dataSource.manager, objects, git, { repositoryId, refName, commit });
    return { tree };
  }
}

async function contains(client: GhesClient, name: RepositoryName, head: string, commit: string): Promise<boolean> {
  if (head === commit) return true;
  try {
    return (await countCommitsBetween(client, { ...name, base: commit, head })).behind === 0;
  } catch (error) {
    if (error instanceof GhesNotFoundError) return false;
    throw error;
  }
}
