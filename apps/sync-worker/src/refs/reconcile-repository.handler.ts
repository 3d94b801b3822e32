import type { jobs, PayloadOf } from '@reunite/contracts';
import type { PullRequestReconciliation } from '@reunite/pull-requests';
import type { JobHandler } from '@reunite/queueing';
import { branchOfRef, branchRef, GitRefEntity, listRefs, syncToServer } from '@reunite/repositories';
import type { UnitOfWork } from '@reunite/unit-of-work';
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
    private readonly pullRequests: PullRequestReconciliation,
  ) {}

  async handle({ repositoryId }: PayloadOf<typeof jobs.reconcileRepository>): Promise<null> {
    const { connection, repository, uploadPack, client } = await this.ghes.repository(repositoryId);
    // Before the request: a push in between is newer than the answer, and must not be undone by it.
    const existing = await this.dataSource.getRepository(GitRefEntity).findBy({ repositoryId });
    const heads = await listRefs(uploadPack, branchRef(''));
    const outdated = outdatedRefs(existing, new Map(heads.flatMap(({ name, id }) => (id ? [[name, id]] : []))));
    await this.unitOfWork.run({ repositoryId }, async (work) => {
      // To the server's state at that time, which may be newer than the answer.
      for (const name of outdated) await syncToServer(work, { repositoryId, name });
    });
    await this.pullRequests.run({ connection, repository, client: client({ pull_requests: 'read' }) });
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
  return [...added, ...changed.map(({ name }) => name)];
}
