import { canRepeatSelfTest } from '@reunite/connections';
import { isCoded, jobs } from '@reunite/contracts';
import type { PayloadOf } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { hasRecentDelivery } from '@reunite/deliveries';
import { changeProject, ProjectEntity } from '@reunite/deployments';
import type { StatusLinks } from '@reunite/deployments';
import type { PullRequestReconciliation } from '@reunite/pull-requests';
import type { JobHandler } from '@reunite/queueing';
import { branchOfRef, branchRef, GitRefEntity, listRefs, RefQuotaError, RepositoryEntity } from '@reunite/repositories';
import type { RefTracker } from '@reunite/repositories';
import type { UnitOfWork, Work } from '@reunite/unit-of-work';
import type { DataSource } from 'typeorm';
import type { GhesAccess, RepositoryAccess } from '../connections/ghes-access.js';
import { userMessage } from '../interactive/user-message.js';

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
    private readonly links: StatusLinks,
  ) {}

  async handle({ repositoryId }: PayloadOf<typeof jobs.reconcileRepository>): Promise<null> {
    const access = await this.ghes.repository(repositoryId);
    try {
      await this.reconcile(access);
    } catch (error) {
      // A rate limit only delays this run.
      if (!isCoded(error) || !('until' in error)) await this.record(access, userMessage(error));
      throw error;
    }
    await this.record(access, null);
    return null;
  }

  private async reconcile({ connection, repository, git, client }: RepositoryAccess): Promise<void> {
    const repositoryId = repository.id;
    // Before the request: a push in between is newer than the answer, and must not be undone by it.
    const existing = await this.dataSource.getRepository(GitRefEntity).findBy({ repositoryId });
    const listed = await listRefs(git, branchRef(''));
    const branches = listed.flatMap(({ name, id }) =>
      id !== null && branchOfRef(name) !== null ? [[name, id] as const] : [],
    );
    const heads = new Map(branches);
    const outdated = outdatedRefs(existing, heads);
    const exceeded = await this.unitOfWork.run({ repositoryId }, async (work) => {
      if (existing.length > 0 && outdated.length > 0) await this.testIfNoDeliveryArrives(work, connection.id);
      return this.syncAll(work, repositoryId, outdated);
    });
    await this.followDefaultBranch(repositoryId, heads);
    await this.pullRequests.run({ connection, repository, client: client({ pull_requests: 'read' }) });
    if (exceeded) throw exceeded;
  }

  /** Starts a self-test if no delivery has arrived recently: the webhook may be inactive. */
  private async testIfNoDeliveryArrives({ db, afterCommit }: Work, connectionId: string): Promise<void> {
    if (await hasRecentDelivery(db, connectionId)) return;
    if (await canRepeatSelfTest(db, connectionId)) afterCommit.enqueue(jobs.testConnection, { connectionId });
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

  /** A renamed default branch stays the production branch of the projects that had it. */
  private async followDefaultBranch(repositoryId: string, heads: ReadonlyMap<string, string>): Promise<void> {
    // The listing has updated the row.
    const { manager } = this.dataSource;
    const { defaultBranch, formerDefaultBranch } = await manager.findOneByOrFail(RepositoryEntity, {
      id: repositoryId,
    });
    if (formerDefaultBranch === null || heads.has(branchRef(formerDefaultBranch))) return;
    if (!heads.has(branchRef(defaultBranch))) return;
    const projects = await manager.findBy(ProjectEntity, { repositoryId, productionBranch: formerDefaultBranch });
    for (const { id } of projects) {
      await this.unitOfWork.run({ repositoryId }, (work) =>
        changeProject({ ...work, links: this.links }, id, { productionBranch: defaultBranch }),
      );
    }
  }

  /** @param error null after a success */
  private async record({ connection, repository }: RepositoryAccess, error: string | null): Promise<void> {
    if (error === repository.reconcileError) return;
    const { id } = repository;
    await this.dataSource.getRepository(RepositoryEntity).update({ id }, { reconcileError: error });
    const event = { type: 'repository', id, repositoryId: id, connectionId: connection.id } as const;
    await publishLiveEvent(this.dataSource.manager, connection.organizationId, event);
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
