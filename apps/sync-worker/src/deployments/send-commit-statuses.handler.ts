import { isNotGranted } from '@reunite/connections';
import { isCoded } from '@reunite/contracts';
import type { jobs, PayloadOf } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { CLAIM_RENEWAL_MS, claimStatuses, releaseClaim, renewClaim, settleStatus } from '@reunite/deployments';
import type { CommitStatusKey, UnsentStatus } from '@reunite/deployments';
import { createCommitStatus } from '@reunite/ghes-client';
import type { GhesClient } from '@reunite/ghes-client';
import type { JobHandler, JobRun } from '@reunite/queueing';
import type { DataSource } from 'typeorm';
import { isPermanent, userMessage } from '../interactive/user-message.js';
import type { GhesAccess, RepositoryAccess } from '../connections/ghes-access.js';

/**
 * Sends the statuses of one commit and context from the outbox, oldest first; after an outage only the latest. Safe to run
 * twice: one run at a time claims the key. A run that dies between sending and settling sends that status again, and the
 * server shows the same state twice. No transaction is open while the server is asked: ten silent servers would otherwise
 * hold every database connection.
 */
export class SendCommitStatusesHandler implements JobHandler<typeof jobs.sendCommitStatuses> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesAccess,
  ) {}

  async handle(key: PayloadOf<typeof jobs.sendCommitStatuses>, { attempt }: JobRun): Promise<null> {
    const access = await this.ghes.repository(key.repositoryId);
    const claimed = await this.dataSource.transaction((db) => claimStatuses(db, key, attempt > 1));
    if (!claimed) return null;
    const client = access.client({ statuses: 'write' });
    const { claim } = claimed;
    const lapsed = new AbortController();
    // A database that cannot be reached does not prove that the claim lapsed; it is asked again.
    const renew = () => this.renew(key, claim, lapsed).catch(() => undefined);
    const renewal = setInterval(() => void renew(), CLAIM_RENEWAL_MS);
    try {
      for (const status of claimed.send) {
        await this.send(access, client.withSignal(lapsed.signal), key, status);
        if (lapsed.signal.aborted) return null;
      }
    } finally {
      clearInterval(renewal);
      await releaseClaim(this.dataSource.manager, key, claim);
    }
    return null;
  }

  private async renew(key: CommitStatusKey, claim: string, lapsed: AbortController): Promise<void> {
    if (!(await renewClaim(this.dataSource.manager, key, claim))) lapsed.abort();
  }

  private async send(
    { connection, name }: RepositoryAccess,
    client: GhesClient,
    key: CommitStatusKey,
    status: UnsentStatus,
  ): Promise<void> {
    const db = this.dataSource.manager;
    const { context, state, description, targetUrl } = status;
    try {
      await createCommitStatus(client, {
        ...name,
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
