import type { ContentStore } from '@reunite/content-store';
import type { jobs, PayloadOf } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import type { JobHandler, JobRun } from '@reunite/queueing';
import { haveCommits, recordSync, recordSyncError, startSync, syncContent } from '@reunite/repositories';
import type { StartedSync, SyncOutcome } from '@reunite/repositories';
import type { UnitOfWork } from '@reunite/unit-of-work';
import type { DataSource } from 'typeorm';
import type { GhesAccess, RepositoryAccess } from '../connections/ghes-access.js';
import type { DeploymentPlanner } from '../deployments/deployment-planner.js';
import { userMessage } from '../interactive/user-message.js';
import { measureSync } from './sync-metrics.js';
import type { SyncPace } from './sync-pace.js';
import { SyncProgressWriter } from './sync-progress.js';

/**
 * Brings a ref's content to the server's present state: it asks where the ref is (`ls-refs`), however many deliveries
 * were waiting, and fetches that commit unless it is stored. Safe to run twice: the store takes in a pack once, and the
 * result is written for the generation that was read, so that it never replaces the result of a later one.
 */
export class SyncRefHandler implements JobHandler<typeof jobs.syncRef> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly ghes: GhesAccess,
    private readonly content: ContentStore,
    private readonly planner: DeploymentPlanner,
    private readonly pace: SyncPace,
  ) {}

  async handle({ refId }: PayloadOf<typeof jobs.syncRef>, { signal }: JobRun): Promise<null> {
    // Before the sync starts: until then, further deliveries request no other one.
    await this.pace.start(refId);
    const ref = await startSync(this.dataSource.manager, refId);
    if (!ref) return null;
    const access = await this.ghes.repository(ref.repositoryId);
    try {
      await this.syncAndRecord(ref, access);
    } catch (error) {
      // The next run repeats the sync; nothing is wrong with the ref.
      if (signal.aborted) throw error;
      await recordSyncError(this.dataSource.manager, refId, ref.generation, userMessage(error));
      await this.announce(ref, access);
      throw error;
    }
    return null;
  }

  /**
   * Tries again if the app was installed again and a refresh found that during this run: it resumes failed refs only.
   */
  private async syncAndRecord(ref: StartedSync, access: RepositoryAccess): Promise<void> {
    try {
      await this.record(ref, access, await this.sync(ref, access));
    } catch (error) {
      const current = await this.ghes.repository(ref.repositoryId);
      if (current.repository.installationId === access.repository.installationId) throw error;
      await this.record(ref, current, await this.sync(ref, current));
    }
  }

  private async sync(ref: StartedSync, access: RepositoryAccess): Promise<SyncOutcome> {
    const { repositoryId, name: refName } = ref;
    const have = await haveCommits(this.dataSource.manager, repositoryId, refName);
    const progress = new SyncProgressWriter(this.dataSource.manager, ref, () => this.announce(ref, access));
    const request = { refName, desiredCommit: null, have, onProgress: progress.report.bind(progress) };
    try {
      return await measureSync(() => syncContent(access.git, this.content.repository(repositoryId), request));
    } finally {
      await progress.finish();
    }
  }

  private async record(ref: StartedSync, access: RepositoryAccess, outcome: SyncOutcome): Promise<void> {
    const { id, repositoryId, name, generation } = ref;
    const isRecorded = await this.unitOfWork.run({ connectionId: access.connection.id }, async (work) => {
      if (!(await recordSync(work.db, id, generation, outcome, access.git.transport))) return false;
      const content = outcome.kind === 'synced' ? { commit: outcome.commit, tree: outcome.tree } : null;
      await this.planner.plan(work, { repositoryId, name, generation, content });
      return true;
    });
    if (isRecorded) await this.announce(ref, access);
  }

  private async announce(ref: StartedSync, { connection }: RepositoryAccess): Promise<void> {
    const event = { type: 'ref', id: ref.id, repositoryId: ref.repositoryId } as const;
    await publishLiveEvent(this.dataSource.manager, connection.organizationId, event);
  }
}
