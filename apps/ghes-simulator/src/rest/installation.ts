import type { FastifyInstance } from 'fastify';
import { requireInstallation, tokenRepositories } from '../access/authorize.js';
import type { Ghes } from '../ghes.js';
import { installationJson } from '../representations/app.js';
import { repositoryJson } from '../representations/repository.js';
import { accountById, installedRepositories, organizationRole } from '../state/lookup.js';
import type { Account, Installation } from '../state/model.js';
import { ApiError, requiresAuthentication } from './api.error.js';
import { pageOf } from './requests.js';

/** https://docs.github.com/enterprise-server/rest/apps/installations */
export function installationApi(app: FastifyInstance, ghes: Ghes): void {
  app.get('/installation/repositories', (request, reply) => {
    const actor = requireInstallation(request.actor);
    const repositories = tokenRepositories(ghes, actor);
    return {
      total_count: repositories.length,
      repository_selection: actor.token.repositoryIds ? 'selected' : actor.installation.repositorySelection,
      repositories: pageOf(ghes, request, reply, repositories).map((item) => repositoryJson(ghes, item)),
    };
  });

  app.get('/user/installations', (request, reply) => {
    const { actor } = request;
    if (actor.kind === 'anonymous') throw requiresAuthentication();
    if (actor.kind !== 'user' || !actor.app) {
      throw new ApiError(403, 'You must authenticate with an access token authorized to a GitHub App.');
    }
    const { app: caller, user } = actor;
    const installations = ghes.store.state.installations.filter(
      (item) => item.appId === caller.id && mayAccess(ghes, user, item),
    );
    return {
      total_count: installations.length,
      installations: pageOf(ghes, request, reply, installations).map((item) => installationJson(ghes, item)),
    };
  });

  app.delete('/installation/token', (request, reply) => {
    const { token } = requireInstallation(request.actor);
    ghes.store.change((state) => {
      state.installationTokens = state.installationTokens.filter((item) => item !== token);
    });
    return reply.code(204).send();
  });
}

/** True if it is installed on the user's account or organization, or covers a repository that they can access. */
function mayAccess({ store }: Ghes, user: Account, installation: Installation): boolean {
  const account = accountById(store, installation.accountId);
  if (account.id === user.id || organizationRole(store, account.id, user.id) !== undefined) return true;
  return installedRepositories(store, installation).some((repository) => !repository.private);
}
