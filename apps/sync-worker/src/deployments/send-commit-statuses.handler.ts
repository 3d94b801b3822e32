import { isNotGranted } from '@reunite/connections';
import { isCoded } from '@reunite/contracts';
import type { jobs, PayloadOf } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import {
  CLAIM_RENEWAL_MS,
  claimStatuses,
  countSettled,
  releaseClaim,
  renewClaim,
  settleStatus,
} from '@reunite/deployments';
import type { CommitStatusKey, UnsentStatus } from '@reunite/deployments';
import { createCommitStatus } from '@reunite/ghes-client';
import type { GhesClient } from '@reunite/ghes-client';
import type { JobHandler, JobRun } from '@reunite/queueing';
import { VaultError } from '@reunite/vault-client';
import type { DataSource } from 'typeorm';
import { isPermanent, userMessage } from '../interactive/user-message.js';
import type { GhesAccess, RepositoryAccess } from '../connections/ghes-access.js';
import { castsDoubt } from '../connections/refresh-requests.js';
import type { RefreshRequests } from '../connections/refresh-requests.js';

/**
 * Sends the statuses of one commit and context from the outbox, oldest first; after an outage only the latest. Safe to
 * run twice: one run at a time claims the key. A run that dies between sending and settling sends that status again,
 * and the server shows the same state twice. No transaction is open while the server is asked: ten silent servers would
 * otherwise hold every database connection.
 */
export class SendCommitStatusesHandler implements JobHandler<typeof jobs.sendCommitStatuses> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesAccess,
    private readonly refreshes: RefreshRequests,
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
    const send = (sent: Pick<UnsentStatus, 'description' | 'targetUrl'>) =>
      createCommitStatus(client, {
        ...name,
        sha: key.commit,
        context: status.context,
        state: status.state,
        description: sent.description,
        targetUrl: sent.targetUrl ?? undefined,
      });
    try {
      await withPlainerTexts(status, send);
    } catch (error) {
      // A status that the server rejects for good must not block later ones.
      if (!isPermanent(error)) throw error;
      // A malformed status stays rejected. Any other reason may pass: a missing permission, a suspended App.
      const reopenable = error instanceof VaultError || !(isCoded(error) && error.code === 'ghes-validation');
      // The errors of statuses end here, so that no one else notices that the mirror is outdated.
      if (castsDoubt(error)) await this.refreshes.request(connection.id);
      await settleStatus(db, status.sequence, userMessage(error), reopenable);
      countSettled('rejected');
      return;
    }
    await settleStatus(db, status.sequence, 'sent');
    countSettled('sent');
    const event = { type: 'commit-status', id: key.commit, repositoryId: key.repositoryId } as const;
    await publishLiveEvent(db, connection.organizationId, event);
  }
}

/** Descriptions that replace a rejected one. The details are on the page that the status links to. */
const PLAIN: Readonly<Record<UnsentStatus['state'], string>> = {
  pending: 'In progress',
  success: 'Successful',
  failure: 'Failed',
  error: 'Not finished',
};

/** The state matters most: a text or link that the server rejects must not leave an earlier state on the commit. */
async function withPlainerTexts(
  { state, description, targetUrl }: UnsentStatus,
  send: (texts: Pick<UnsentStatus, 'description' | 'targetUrl'>) => Promise<unknown>,
): Promise<void> {
  const plain = PLAIN[state];
  const attempts = [
    { description, targetUrl },
    { description: plain, targetUrl },
    { description: plain, targetUrl: null },
  ];
  for (const [index, texts] of attempts.entries()) {
    try {
      await send(texts);
      return;
    } catch (error) {
      const isInvalid = isCoded(error) && error.code === 'ghes-validation' && !isNotGranted(error);
      if (!isInvalid || error instanceof VaultError || index === attempts.length - 1) throw error;
    }
  }
}
