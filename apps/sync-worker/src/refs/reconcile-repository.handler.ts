import { jobs } from '@reunite/contracts';
import type { PayloadOf } from '@reunite/contracts';
import type { JobHandler } from '@reunite/queueing';
import { branchOfRef, branchRef, GitRefEntity, listRefs, wantRef } from '@reunite/repositories';
import type { UnitOfWork } from '@reunite/unit-of-work';
import type { DataSource } from 'typeorm';
import type { GhesConnections } from '../connections/ghes-connections.js';
import type { PullRequestReconciliation } from '../pull-requests/pull-request-reconciliation.js';

/**
 * Compares a repository with its server and wants what differs: what missing deliveries left behind (P3). Only writes
 * wanted state, so that running twice is running once.
 */
export class ReconcileRepositoryHandler implements JobHandler<typeof jobs.reconcileRepository> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesConnections,
    private readonly pullRequests: PullRequestReconciliation,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async handle({ repositoryId }: PayloadOf<typeof jobs.reconcileRepository>): Promise<null> {
    const access = await this.ghes.repository(repositoryId);
    // Read before the server is asked: what is pushed in between is newer than the answer and must not be undone by it.
    const held = await this.dataSource.getRepository(GitRefEntity).findBy({ repositoryId });
    const heads = await listRefs(access.uploadPack, branchRef(''));
    await this.wantDifferences(repositoryId, held, new Map(heads.flatMap(({ name, id }) => (id ? [[name, id]] : []))));
    await this.pullRequests.run(access);
    return null;
  }

  /**
   * Wants what the server says then, not what it said now: by then it is newer. A sync that failed for good is tried again
   * once per reconciliation.
   */
  private async wantDifferences(
    repositoryId: string,
    held: readonly GitRefEntity[],
    heads: ReadonlyMap<string, string>,
  ): Promise<void> {
    const known = new Set(held.map(({ name }) => name));
    const different = [...heads.keys()].filter((name) => !known.has(name));
    for (const { name, wantedCommit, error } of held) {
      // A deleted one wants no commit, and the server names none.
      const moved = branchOfRef(name) !== null && wantedCommit !== (heads.get(name) ?? null);
      if (moved || error !== null) different.push(name);
    }
    const syncs: { readonly refId: string }[] = [];
    for (const name of different) {
      const { refId } = await wantRef(this.dataSource.manager, { repositoryId, name, commit: null });
      syncs.push({ refId });
    }
    await this.unitOfWork.enqueue(jobs.syncRef, syncs);
  }
}
