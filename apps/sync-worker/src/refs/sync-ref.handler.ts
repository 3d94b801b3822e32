import type { ContentStore } from '@reunite/content-store';
import type { jobs, PayloadOf } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import type { JobHandler } from '@reunite/queueing';
import { GitRefEntity, recordSync, recordSyncError, syncContent } from '@reunite/repositories';
import type { SyncOutcome } from '@reunite/repositories';
import type { UnitOfWork } from '@reunite/unit-of-work';
import { IsNull, Not } from 'typeorm';
import type { DataSource, EntityManager } from 'typeorm';
import type { DeploymentPlanner } from '../deployments/deployment-planner.js';
import { explain } from '../interactive/explain.js';
import type { GhesConnections, RepositoryAccess } from '../connections/ghes-connections.js';

/** How many snapshots of other refs are offered as `have`: a new branch mostly starts from one of them. */
const OTHER_SNAPSHOTS = 5;

/**
 * Brings a ref's content to what is wanted. Safe to run twice: the store takes in a pack once, and the result is written
 * for the generation that was read, which a later generation's result outlives.
 */
export class SyncRefHandler implements JobHandler<typeof jobs.syncRef> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesConnections,
    private readonly content: ContentStore,
    private readonly planner: DeploymentPlanner,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async handle({ refId }: PayloadOf<typeof jobs.syncRef>): Promise<null> {
    const ref = await this.dataSource.getRepository(GitRefEntity).findOneBy({ id: refId });
    if (!ref || ref.syncedGeneration >= ref.generation) return null;
    const access = await this.ghes.repository(ref.repositoryId);
    try {
      await this.publish(ref, access, await this.sync(ref, access));
    } catch (error) {
      await recordSyncError(this.dataSource.manager, refId, ref.generation, explain(error));
      await this.announce(this.dataSource.manager, ref, access);
      throw error;
    }
    return null;
  }

  private async sync(ref: GitRefEntity, { uploadPack }: RepositoryAccess): Promise<SyncOutcome> {
    if (ref.wantedDeleted) return { kind: 'deleted' };
    const others = await this.dataSource.getRepository(GitRefEntity).find({
      where: { repositoryId: ref.repositoryId, syncedCommit: Not(IsNull()), id: Not(ref.id) },
      order: { syncedAt: 'DESC' },
      take: OTHER_SNAPSHOTS,
    });
    const have = [ref, ...others].flatMap(({ syncedCommit }) => syncedCommit ?? []);
    const request = { refName: ref.name, wantedCommit: ref.wantedCommit, have };
    return syncContent(uploadPack, this.content.repository(ref.repositoryId), request);
  }

  private async publish(ref: GitRefEntity, access: RepositoryAccess, outcome: SyncOutcome): Promise<void> {
    const { id, repositoryId, name, generation } = ref;
    await this.unitOfWork.run({ connectionId: access.connection.id }, async (work) => {
      if (!(await recordSync(work.db, id, generation, outcome))) return;
      const content = outcome.kind === 'synced' ? { commit: outcome.commit, tree: outcome.tree } : null;
      await this.planner.plan(work, { repositoryId, name, generation, content });
      await this.announce(work.db, ref, access);
    });
  }

  private async announce(db: EntityManager, ref: GitRefEntity, { connection }: RepositoryAccess): Promise<void> {
    const event = { type: 'ref', id: ref.id, repositoryId: ref.repositoryId } as const;
    await publishLiveEvent(db, connection.organizationId, event);
  }
}
