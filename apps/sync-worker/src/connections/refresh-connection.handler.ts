import { changesTokens, markBroken, mirrorApp } from '@reunite/connections';
import type { ConnectionEntity } from '@reunite/connections';
import { isCoded } from '@reunite/contracts';
import type { jobs, PayloadOf, VaultInstallation } from '@reunite/contracts';
import { reopenStatuses } from '@reunite/deployments';
import { listReposAccessibleToInstallation } from '@reunite/ghes-client';
import type { Repository } from '@reunite/ghes-client';
import type { JobHandler } from '@reunite/queueing';
import { mirrorRepositories } from '@reunite/repositories';
import type { UnitOfWork } from '@reunite/unit-of-work';
import type { DataSource } from 'typeorm';
import { isPermanent, userMessage } from '../interactive/user-message.js';
import { forgetTokens } from './forget-tokens.js';
import type { GhesAccess } from './ghes-access.js';
import type { Vault } from './vault.js';

/**
 * Mirrors a connection's app, installations and repositories. Reads everything first and writes it in one transaction, so
 * that running twice writes the same.
 */
export class RefreshConnectionHandler implements JobHandler<typeof jobs.refreshConnection> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly vault: Vault,
    private readonly ghes: GhesAccess,
  ) {}

  async handle({ connectionId }: PayloadOf<typeof jobs.refreshConnection>): Promise<null> {
    const connection = await this.ghes.connection(connectionId);
    try {
      await this.refresh(connection);
    } catch (error) {
      // The app is not created yet.
      if (connection.status === 'pending' && hasNoApp(error)) return null;
      if (isPermanent(error)) {
        await this.dataSource.transaction((db) => markBroken(db, connection, userMessage(error)));
      }
      throw error;
    }
    return null;
  }

  private async refresh(connection: ConnectionEntity): Promise<void> {
    const { id: connectionId, organizationId } = connection;
    const app = await this.vault.getApp({ organizationId, connectionId });
    const { installations } = await this.vault.listInstallations({ organizationId, connectionId });
    // Before the mirror is written: if this run dies in between, the next one sees the change too.
    if (await changesTokens(this.dataSource.manager, connectionId, installations)) {
      await forgetTokens(this.vault, connection);
    }
    const repositories = await this.repositoriesOf(connection, installations);
    await this.unitOfWork.run({ connectionId }, async (work) => {
      const { db } = work;
      await mirrorApp(db, connection, app, installations);
      await mirrorRepositories(db, connectionId, repositories);
      // Statuses that were rejected while the app was suspended or lacked a permission may be accepted now.
      await reopenStatuses(work, connectionId);
    });
  }

  private async repositoriesOf(
    connection: ConnectionEntity,
    installations: readonly VaultInstallation[],
  ): Promise<Map<number, Repository[]>> {
    const byInstallation = new Map<number, Repository[]>();
    for (const { id, suspended } of installations) {
      if (suspended) continue;
      const client = await this.ghes.installation(connection, id, { metadata: 'read' });
      const repositories: Repository[] = [];
      for await (const repository of listReposAccessibleToInstallation(client)) repositories.push(repository);
      byInstallation.set(id, repositories);
    }
    return byInstallation;
  }
}

/** The manifest flow is unfinished, or the entered app never reached the vault. */
function hasNoApp(error: unknown): boolean {
  return isCoded(error) && ['connection-pending', 'not-found'].includes(error.code);
}
