import type { ConnectionEntity, InstallationEntity } from '@reunite/connections';
import type { Connection } from '@reunite/contracts';
import { newInstallationUrl } from '@reunite/ghes-client';

export function connectionView(connection: ConnectionEntity, installations: readonly InstallationEntity[]): Connection {
  const { id, name, origin, owner, status, statusReason, createdAt } = connection;
  return {
    id,
    name,
    serverUrl: origin,
    owner,
    status,
    statusReason,
    app: appView(connection),
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

function appView({ appId, appSlug, appHtmlUrl, origin, permissions, events }: ConnectionEntity): Connection['app'] {
  if (appId === null || appSlug === null) return null;
  const installUrl = newInstallationUrl({ origin, slug: appSlug });
  return { id: appId, slug: appSlug, htmlUrl: appHtmlUrl ?? '', installUrl, permissions, events };
}
