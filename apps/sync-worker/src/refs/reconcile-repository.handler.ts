import type { jobs, PayloadOf } from '@reunite/contracts';
import type { PullRequestReconciliation } from '@reunite/pull-requests';
import type { JobHandler } from '@reunite/queueing';
import { branchOfRef, branchRef, GitRefEntity, listRefs, RefQuotaError } from '@reunite/repositories';
import type { RefTracker } from '@reunite/repositories';
import type { UnitOfWork, Work } from '@reunite/unit-of-work';
import type { DataSource } from 'typeorm';
import type { GhesAccess } from '../connections/ghes-access.js';

/**
 * Compares a repository with its server, and schedules a sync of what differs because deliveries were lost (P3). Safe to run
 * twice: it only writes desired state.
 */
export class ReconcileRepositoryHandler implements JobHandler<typeof jobs.reconcileRepository> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly ghes: GhesAccess,
    private readonly refs: RefTracker,
    private readonly pullRequests: PullRequestReconciliation,
  ) {}

  async handle({ repositoryId }: PayloadOf<typeof jobs.reconcileRepository>): Promise<null> {
    const { connection, repository, uploadPack, client } = await this.ghes.repository(repositoryId);
    // Before the request: a push in between is newer than the answer, and must not be undone by it.
    const existing = await this.dataSource.getRepository(GitRefEntity).findBy({ repositoryId });
    const heads = await listRefs(uploadPack, branchRef(''));
    const branches = heads.flatMap(({ name, id }) =>
      id !== null && branchOfRef(name) !== null ? [[name, id] as const] : [],
    );
    const outdated = outdatedRefs(existing, new Map(branches));
    const exceeded = await this.unitOfWork.run({ repositoryId }, (work) => this.syncAll(work, repositoryId, outdated));
    await this.pullRequests.run({ connection, repository, client: client({ pull_requests: 'read' }) });
    if (exceeded) throw exceeded;
    return null;
  }

  /**
   * Syncs refs to the server's state at that time, which may be newer than the answer.
   *
   * @returns the error of the refs that are left out, if the repository has too many; the next reconciliation tries again
   */
  private async syncAll(work: Work, repositoryId: string, names: readonly string[]): Promise<RefQuotaError | null> {
    for (const name of names) {
      try {
        await this.refs.toServer(work, { repositoryId, name });
      } catch (error) {
        if (error instanceof RefQuotaError) return error;
        throw error;
      }
    }
    return null;
  }
}

/** Returns the refs that differ from the server, and those whose last sync failed: they are retried once per run. */
function outdatedRefs(existing: readonly GitRefEntity[], heads: ReadonlyMap<string, string>): string[] {
  const existingNames = new Set(existing.map(({ name }) => name));
  const added = [...heads.keys()].filter((name) => !existingNames.has(name));
  const changed = existing.filter(({ name, desiredCommit, error }) => {
    // A deleted branch has no desired commit and is not listed. Heads of pull requests are not listed here.
    const hasMoved = branchOfRef(name) !== null && desiredCommit !== (heads.get(name) ?? null);
    return hasMoved || error !== null;
  });
  // Existing refs first: new ones may exceed the quota.
  return [...changed.map(({ name }) => name), ...added];
}
