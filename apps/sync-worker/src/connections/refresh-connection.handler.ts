import { isDeepStrictEqual } from 'node:util';
import { ConnectionEntity, InstallationEntity } from '@reunite/connections';
import { isCoded, newId } from '@reunite/contracts';
import type { jobs, PayloadOf, VaultInstallation } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { reopenStatuses } from '@reunite/deployments';
import { listReposAccessibleToInstallation } from '@reunite/ghes-client';
import type { Repository } from '@reunite/ghes-client';
import type { JobHandler } from '@reunite/queueing';
import { RepositoryEntity } from '@reunite/repositories';
import { In, Not } from 'typeorm';
import type { UnitOfWork } from '@reunite/unit-of-work';
import type { DataSource, EntityManager } from 'typeorm';
import { explain, isLasting } from '../interactive/explain.js';
import { forgetTokens } from './forget-tokens.js';
import type { GhesConnections } from './ghes-connections.js';
import type { Vault } from './vault.js';

/**
 * Mirrors app, installations and repositories as the server has them. Everything is read first and written in one
 * transaction; running twice writes the same.
 */
export class RefreshConnectionHandler implements JobHandler<typeof jobs.refreshConnection> {
  constructor(
    private readonly dataSource: DataSource,
    private readonly vault: Vault,
    private readonly ghes: GhesConnections,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  async handle({ connectionId }: PayloadOf<typeof jobs.refreshConnection>): Promise<null> {
    const connection = await this.ghes.connection(connectionId);
    try {
      await this.refresh(connection);
    } catch (error) {
      // It has no app yet. Where it has, and the API died before it could say so, this says it.
      if (connection.status === 'pending' && hasNoApp(error)) return null;
      if (isLasting(error)) await this.breakConnection(connection, explain(error));
      throw error;
    }
    return null;
  }

  private async refresh(connection: ConnectionEntity): Promise<void> {
    const { id: connectionId, organizationId } = connection;
    const request = { organizationId, connectionId };
    const app = await this.vault.getApp(request);
    const { installations } = await this.vault.listInstallations(request);
    // Before what was read is written: a run that dies in between is followed by one that sees the change too.
    if (await this.changedTokens(connectionId, installations)) await forgetTokens(this.vault, connection);
    const repositories = new Map<number, Repository[]>();
    for (const { id, suspended } of installations) {
      if (!suspended) repositories.set(id, await this.repositoriesOf(connection, id));
    }
    await this.unitOfWork.run({ connectionId }, async (work) => {
      const { db } = work;
      await db.update(ConnectionEntity, connectionId, {
        status: 'connected',
        statusReason: null,
        appId: app.id,
        appSlug: app.slug,
        appHtmlUrl: app.htmlUrl,
        permissions: app.permissions,
        events: app.events,
        updatedAt: new Date(),
      });
      await writeInstallations(db, connectionId, installations);
      await writeRepositories(db, connectionId, repositories);
      await publishLiveEvent(db, organizationId, { type: 'connection', id: connectionId, connectionId });
      // What was refused while the app was suspended or lacked a permission may be said now.
      await reopenStatuses(work, connectionId);
    });
  }

  /** Whether the server means something else by an installation that we know; a webhook should have said so. */
  private async changedTokens(connectionId: string, installations: readonly VaultInstallation[]): Promise<boolean> {
    const held = await this.dataSource.getRepository(InstallationEntity).findBy({ connectionId });
    const now = new Map(installations.map((installation) => [installation.id, installation]));
    return held.some(({ id, suspended, permissions, repositorySelection }) => {
      const current = now.get(id);
      return (
        current?.suspended !== suspended ||
        (current.repositorySelection === 'selected') !== (repositorySelection === 'selected') ||
        !isDeepStrictEqual({ ...current.permissions }, { ...permissions })
      );
    });
  }

  /** Until the next refresh that succeeds, people are told what is wrong with it. */
  private async breakConnection({ id, organizationId }: ConnectionEntity, statusReason: string): Promise<void> {
    await this.dataSource.transaction(async (db) => {
      await db.update(ConnectionEntity, id, { status: 'broken', statusReason, updatedAt: new Date() });
      await publishLiveEvent(db, organizationId, { type: 'connection', id, connectionId: id });
    });
  }

  private async repositoriesOf(connection: ConnectionEntity, installationId: number): Promise<Repository[]> {
    const client = this.ghes.installation(connection, installationId, { metadata: 'read' });
    const repositories: Repository[] = [];
    for await (const repository of listReposAccessibleToInstallation(client)) repositories.push(repository);
    return repositories;
  }
}

/** The manifest flow is not through yet, or the app that somebody entered never reached the vault. */
function hasNoApp(error: unknown): boolean {
  return isCoded(error) && ['connection-pending', 'not-found'].includes(error.code);
}

async function writeInstallations(
  db: EntityManager,
  connectionId: string,
  installations: readonly VaultInstallation[],
): Promise<void> {
  const ids = installations.map(({ id }) => id);
  await db.delete(InstallationEntity, { connectionId, id: Not(In(ids)) });
  const rows = installations.map(({ id, owner, repositorySelection, suspended, permissions }) => ({
    connectionId,
    id,
    owner,
    repositorySelection: repositorySelection === 'selected' ? ('selected' as const) : ('all' as const),
    suspended,
    permissions,
  }));
  if (rows.length > 0) await db.upsert(InstallationEntity, rows, ['connectionId', 'id']);
}

/** Repositories that are not reached any more stay, with their projects, and are marked. */
async function writeRepositories(
  db: EntityManager,
  connectionId: string,
  byInstallation: ReadonlyMap<number, readonly Repository[]>,
): Promise<void> {
  const held = await db.findBy(RepositoryEntity, { connectionId });
  const ids = new Map(held.map(({ githubId, id }) => [githubId, id]));
  const rows = [...byInstallation].flatMap(([installationId, repositories]) =>
    repositories.map((repository) => ({
      id: ids.get(repository.id) ?? newId('repository'),
      connectionId,
      installationId,
      githubId: repository.id,
      owner: repository.owner.login,
      name: repository.name,
      defaultBranch: repository.default_branch,
      private: repository.private,
      available: true,
    })),
  );
  const reached = rows.map(({ githubId }) => githubId);
  await db.update(RepositoryEntity, { connectionId, githubId: Not(In(reached)) }, { available: false });
  if (rows.length > 0) await db.upsert(RepositoryEntity, rows, ['connectionId', 'githubId']);
}
