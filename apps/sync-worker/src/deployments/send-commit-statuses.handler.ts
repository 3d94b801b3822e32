import { isNotGranted } from '@reunite/connections';
import { isCoded } from '@reunite/contracts';
import type { jobs, PayloadOf } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { claimStatuses, settleStatus } from '@reunite/deployments';
import type { CommitStatusKey, UnsentStatus } from '@reunite/deployments';
import { createCommitStatus } from '@reunite/ghes-client';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { DataSource, EntityManager } from 'typeorm';
import { isPermanent, userMessage } from '../interactive/user-message.js';
import type { GhesAccess, RepositoryAccess } from '../connections/ghes-access.js';

/**
 * Sends the statuses of one commit and context from the outbox, oldest first; after an outage only the latest. Safe to run
 * twice: one run at a time locks the key. A run that dies between sending and settling sends that status again, and the
 * server shows the same state twice.
 */
export class SendCommitStatusesHandler implements JobHandler<typeof jobs.sendCommitStatuses> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesAccess,
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
    status: UnsentStatus,
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
      // A status that the server rejects for good must not block later ones.
      if (!isPermanent(error)) throw error;
      // A malformed status stays rejected. Any other reason may pass: a missing permission, a suspended App.
      const reopenable = isNotGranted(error) || !(isCoded(error) && error.code === 'ghes-validation');
      await settleStatus(db, status.sequence, userMessage(error), reopenable);
      return;
    }
    await settleStatus(db, status.sequence, 'sent');
    const event = { type: 'commit-status', id: key.commit, repositoryId: key.repositoryId } as const;
    await publishLiveEvent(db, connection.organizationId, event);
  }
}
