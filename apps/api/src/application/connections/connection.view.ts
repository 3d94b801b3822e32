import { connectionCallbackUrl } from '@reunite/connections';
import type { ConnectionEntity, InstallationEntity } from '@reunite/connections';
import type { Connection } from '@reunite/contracts';
import { newInstallationUrl } from '@reunite/ghes-client';

/** @param publicUrl origin at which browsers reach the API */
export function connectionView(
  connection: ConnectionEntity,
  installations: readonly InstallationEntity[],
  publicUrl: string,
): Connection {
  const { id, name, origin, owner, status, statusReason, createdAt } = connection;
  return {
    id,
    name,
    serverUrl: origin,
    owner,
    status,
    statusReason,
    app: appView(connection, publicUrl),
    installations: installations.map((installation) => ({
      id: installation.id,
      owner: installation.owner,
      repositorySelection: installation.repositorySelection,
      suspended: installation.suspended,
    })),
    installationRequests: connection.installationRequests,
    lastRefresh: {
      finishedAt: connection.refreshFinishedAt?.toISOString() ?? null,
      error: connection.refreshError,
    },
    createdAt: createdAt.toISOString(),
  };
}

function appView(connection: ConnectionEntity, publicUrl: string): Connection['app'] {
  const { appId, appSlug, appHtmlUrl, origin, permissions, events } = connection;
  if (appId === null || appSlug === null) return null;
  return {
    id: appId,
    slug: appSlug,
    htmlUrl: appHtmlUrl ?? '',
    installUrl: newInstallationUrl({ origin, slug: appSlug }),
    callbackUrl: connectionCallbackUrl(publicUrl, connection.id),
    permissions,
    events,
  };
}
