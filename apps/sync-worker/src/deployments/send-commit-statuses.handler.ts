import { isCoded } from '@reunite/contracts';
import type { jobs, PayloadOf } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { claimStatuses, settleStatus } from '@reunite/deployments';
import type { CommitStatusKey, OpenStatus } from '@reunite/deployments';
import { createCommitStatus } from '@reunite/ghes-client';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { DataSource, EntityManager } from 'typeorm';
import { explain, isLasting } from '../interactive/explain.js';
import type { GhesConnections, RepositoryAccess } from '../connections/ghes-connections.js';
import { isNotGranted } from '../connections/not-granted.rules.js';

/**
 * Sends what the outbox holds for one commit and context, oldest first; after an outage only the last word. One run at a
 * time holds the key; a run that dies between sending and settling sends that status again, which the server shows as the
 * same state twice.
 */
export class SendCommitStatusesHandler implements JobHandler<typeof jobs.sendCommitStatuses> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesConnections,
  ) {}

  async handle(key: PayloadOf<typeof jobs.sendCommitStatuses>, { attempt }: JobRun): Promise<null> {
    const access = await this.ghes.repository(key.repositoryId);
    await this.dataSource.transaction(async (db) => {
      for (const status of (await claimStatuses(db, key, attempt > 1)) ?? []) await this.send(db, access, key, status);
    });
    return null;
  }

  private async send(
    db: EntityManager,
    { connection, repository, client }: RepositoryAccess,
    key: CommitStatusKey,
    status: OpenStatus,
  ): Promise<void> {
    const { owner, name: repo } = repository;
    const { context, state, description, targetUrl } = status;
    try {
      await createCommitStatus(client({ statuses: 'write' }), {
        owner,
        repo,
        sha: key.commit,
        context,
        state,
        description,
        targetUrl: targetUrl ?? undefined,
      });
    } catch (error) {
      // What the server will never take must not stand in the way of what comes after it.
      if (!isLasting(error)) throw error;
      // No repair makes the server take what it finds malformed; the rest may be a permission or a suspended app.
      const mayPass = isNotGranted(error) || !(isCoded(error) && error.code === 'ghes-validation');
      await settleStatus(db, status.sequence, explain(error), mayPass);
      return;
    }
    await settleStatus(db, status.sequence, 'sent');
    const event = { type: 'commit-status', id: key.commit, repositoryId: key.repositoryId } as const;
    await publishLiveEvent(db, connection.organizationId, event);
  }
}
