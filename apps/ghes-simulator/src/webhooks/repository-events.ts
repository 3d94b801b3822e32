import type { Ghes } from '../ghes.js';
import { simpleOrganization, simpleUser } from '../representations/account.js';
import { repositoryJson } from '../representations/repository.js';
import { accountById, appById, installedRepositories } from '../state/lookup.js';
import type { Account, Repository } from '../state/model.js';
import { nodeId } from '../state/node-id.js';

export interface RepositoryEvent {
  readonly event: 'push' | 'create' | 'delete' | 'pull_request';
  readonly action?: string;
  readonly repository: Repository;
  readonly sender: Account;
  readonly payload: Record<string, unknown>;
}

/** Sends to the apps that are installed on the repository, are not suspended there and subscribe to the event. */
export function sendRepositoryEvent(ghes: Ghes, { event, action, repository, sender, payload }: RepositoryEvent): void {
  const owner = accountById(ghes.store, repository.ownerId);
  for (const installation of ghes.store.state.installations) {
    if (installation.accountId !== owner.id || installation.suspendedAt !== null) continue;
    if (!installation.events.includes(event)) continue;
    if (!installedRepositories(ghes.store, installation).includes(repository)) continue;
    const body = JSON.stringify({
      ...(action === undefined ? {} : { action }),
      repository: repositoryJson(ghes, repository),
      ...(owner.type === 'Organization' ? { organization: simpleOrganization(ghes, owner) } : {}),
      ...payload,
      sender: simpleUser(ghes, sender),
      installation: { id: installation.id, node_id: nodeId('IntegrationInstallation', installation.id) },
    });
    const app = appById(ghes.store, installation.appId);
    const ids = { installationId: installation.id, repositoryId: repository.id };
    ghes.deliverer.send({ app, event, action: action ?? null, body, ...ids });
  }
}
