import {
  canRepeatSelfTest,
  changesTokens,
  markBroken,
  mirrorApp,
  otherConnectionsOfApp,
  recordRefresh,
  SelfTestEntity,
  waitingForApproval,
  webhookWarning,
} from '@reunite/connections';
import type { AppState, ConnectionEntity } from '@reunite/connections';
import { isCoded, jobs } from '@reunite/contracts';
import type { PayloadOf, VaultApp } from '@reunite/contracts';
import { reopenCheckRuns, reopenComments, reopenStatuses } from '@reunite/deployments';
import type { JobHandler } from '@reunite/queueing';
import { connectedRepositories, mirrorRepositories } from '@reunite/repositories';
import type { UnitOfWork, Work } from '@reunite/unit-of-work';
import type { DataSource } from 'typeorm';
import { isPermanent, userMessage } from '../interactive/user-message.js';
import { appWarning } from './app-warning.rules.js';
import { forgetTokens } from './forget-tokens.js';
import type { GhesAccess } from './ghes-access.js';
import { ReachableRepositoriesReader } from './reachable-repositories.js';
import type { Vault } from './vault.js';

/**
 * Mirrors a connection's app, installations and repositories, and resumes what failed while the mirror was outdated. Reads
 * everything first and writes it in one transaction, so that running twice writes the same.
 */
export class RefreshConnectionHandler implements JobHandler<typeof jobs.refreshConnection> {
  private readonly reader: ReachableRepositoriesReader;

  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly vault: Vault,
    private readonly ghes: GhesAccess,
  ) {
    this.reader = new ReachableRepositoriesReader(dataSource, ghes);
  }

  async handle({ connectionId }: PayloadOf<typeof jobs.refreshConnection>): Promise<null> {
    const connection = await this.ghes.connection(connectionId);
    try {
      await this.refresh(connection, await this.readApp(connection));
    } catch (error) {
      // The app is not created yet.
      if (connection.status === 'pending' && hasNoApp(error)) return null;
      await this.dataSource.transaction((db) => recordRefresh(db, connection, userMessage(error)));
      throw error;
    }
    return null;
  }

  /** Only these calls are made as the app: their errors are about the app and its key. */
  private async readApp(connection: ConnectionEntity): Promise<AppState> {
    const request = { organizationId: connection.organizationId, connectionId: connection.id };
    try {
      const app = await this.vault.getApp(request);
      const { installations, requests } = await this.vault.listInstallations(request);
      const waiting = waitingForApproval(installations, requests);
      const approval = waiting === null ? null : `${waiting.evidence} ${waiting.remedy}`;
      return { app, installations, requests, warning: (await this.warningFor(connection, app)) ?? approval };
    } catch (error) {
      if (isPermanent(error) && !(connection.status === 'pending' && hasNoApp(error))) {
        await this.dataSource.transaction((db) => markBroken(db, connection, appProblem(error)));
      }
      throw error;
    }
  }

  private async warningFor(connection: ConnectionEntity, app: VaultApp): Promise<string | null> {
    const { manager } = this.dataSource;
    const { id: connectionId } = connection;
    const isShared = (await otherConnectionsOfApp(manager, connection, app.id)).length > 0;
    const tested = await manager.findOneBy(SelfTestEntity, { connectionId });
    return appWarning(app, { connectionId, isShared }) ?? webhookWarning(tested?.probes ?? []);
  }

  private async refresh(connection: ConnectionEntity, state: AppState): Promise<void> {
    const { id: connectionId } = connection;
    const { manager } = this.dataSource;
    // Before the mirror is written: if this run dies in between, the next one sees the change too.
    const hasNewTokens = await changesTokens(manager, connectionId, state.installations);
    if (hasNewTokens) await forgetTokens(this.vault, connection);
    const reachable = await this.reader.read(connection, state.installations);
    await this.unitOfWork.run({ connectionId }, async (work) => {
      const { db } = work;
      await mirrorApp(db, connection, state);
      const changed = new Set(await mirrorRepositories(db, connectionId, reachable));
      const isResumed = hasNewTokens || connection.status !== 'connected';
      for (const { id, available } of await connectedRepositories(db, connectionId)) {
        // Retries its failed refs, and reads what happened meanwhile.
        if (available && (isResumed || changed.has(id))) {
          work.afterCommit.enqueue(jobs.reconcileRepository, { repositoryId: id });
        }
      }
      // Statuses and comments that were rejected while the app was suspended or lacked a permission may be accepted now.
      await reopenStatuses(work, connectionId, isResumed || changed.size > 0);
      await reopenComments(work, connectionId, isResumed || changed.size > 0);
      await reopenCheckRuns(work, connectionId);
      await recordRefresh(db, connection, null);
      await this.enqueueAfterWarning(work, connection, state);
    });
  }

  /**
   * Refreshes the other connections of the app after a new warning, which may concern them too, and starts a self-test, which
   * removes a warning that no longer applies.
   */
  private async enqueueAfterWarning(
    { db, afterCommit }: Work,
    connection: ConnectionEntity,
    { app, warning }: AppState,
  ): Promise<void> {
    const { id: connectionId, statusReason } = connection;
    if (warning === null) return;
    if (warning !== statusReason) {
      for (const other of await otherConnectionsOfApp(db, connection, app.id))
        afterCommit.enqueue(jobs.refreshConnection, other);
    }
    if (await canRepeatSelfTest(db, connectionId)) afterCommit.enqueue(jobs.testConnection, { connectionId });
  }
}

/** The manifest flow is unfinished, or the entered app never reached the vault. */
function hasNoApp(error: unknown): boolean {
  return isCoded(error) && ['connection-pending', 'not-found'].includes(error.code);
}

/** Describes for users why the server rejects the app or its key. */
function appProblem(error: unknown): string {
  if (!isCoded(error)) return userMessage(error);
  switch (error.code) {
    case 'ghes-not-found':
      return 'The app was deleted on the server. Delete this provider, and add it again with a new app.';
    case 'ghes-unauthorized':
      return 'The server no longer accepts the private key of the app. Generate a new key on the page of the app, and enter it here.';
    default:
      return userMessage(error);
  }
}
