import { isDeepStrictEqual } from 'node:util';
import type { InstallationRequest, VaultApp, VaultInstallation } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { In, Not } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { ConnectionEntity } from './connection.entity.js';
import { InstallationEntity } from './installation.entity.js';

/** An app and its installations as the server returned them. */
export interface AppState {
  readonly app: VaultApp;
  readonly installations: readonly VaultInstallation[];
  readonly requests: readonly InstallationRequest[];
  readonly warning: string | null;
}

type ConnectionKey = Pick<ConnectionEntity, 'id' | 'organizationId'>;

/**
 * Mirrors a connection's app and installations, and marks the connection as connected.
 *
 * @param warning what keeps a connected app from working completely, shown to users
 */
export async function mirrorApp(
  db: EntityManager,
  connection: ConnectionKey,
  { app, installations, requests, warning }: AppState,
): Promise<void> {
  const { id: connectionId, organizationId } = connection;
  await db.update(ConnectionEntity, connectionId, {
    status: 'connected',
    statusReason: warning,
    // The organization that owns the app may be renamed.
    ...(app.owner === '' ? {} : { owner: app.owner }),
    ...(app.ownerId === undefined ? {} : { ownerId: app.ownerId }),
    appId: app.id,
    appSlug: app.slug,
    appHtmlUrl: app.htmlUrl,
    permissions: app.permissions,
    events: app.events,
    installationRequests: [...requests],
    updatedAt: new Date(),
  });
  await mirrorInstallations(db, connectionId, installations);
  await publishLiveEvent(db, organizationId, { type: 'connection', id: connectionId, connectionId });
}

/**
 * Marks a connection as broken until the next refresh that succeeds.
 *
 * @param statusReason shown to users
 */
export async function markBroken(db: EntityManager, connection: ConnectionKey, statusReason: string): Promise<void> {
  const { id, organizationId } = connection;
  await db.update(ConnectionEntity, id, { status: 'broken', statusReason, updatedAt: new Date() });
  await publishLiveEvent(db, organizationId, { type: 'connection', id, connectionId: id });
}

/** False for an installation on an enterprise: it grants permissions of the enterprise, and none of its organizations. */
export function reachesRepositories({ ownerType }: Pick<VaultInstallation, 'ownerType'>): boolean {
  return ownerType !== 'Enterprise';
}

/**
 * Returns whether an existing installation was deleted, suspended, resumed or given other permissions or repositories, so
 * that tokens issued before are outdated.
 */
export async function changesTokens(
  db: EntityManager,
  connectionId: string,
  installations: readonly VaultInstallation[],
): Promise<boolean> {
  const existing = await db.findBy(InstallationEntity, { connectionId });
  const byId = new Map(installations.map((installation) => [installation.id, installation]));
  return existing.some(({ id, suspended, permissions, repositorySelection }) => {
    const current = byId.get(id);
    return (
      current?.suspended !== suspended ||
      selectionOf(current.repositorySelection) !== repositorySelection ||
      !isDeepStrictEqual({ ...current.permissions }, { ...permissions })
    );
  });
}

async function mirrorInstallations(
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
    repositorySelection: selectionOf(repositorySelection),
    suspended,
    permissions,
  }));
  if (rows.length > 0) await db.upsert(InstallationEntity, rows, ['connectionId', 'id']);
}

function selectionOf(selection: string): InstallationEntity['repositorySelection'] {
  return selection === 'selected' ? 'selected' : 'all';
}
