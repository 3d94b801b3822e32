import type { FastifyInstance } from 'fastify';
import { requireInstallation, tokenRepositories } from '../access/authorize.js';
import type { Ghes } from '../ghes.js';
import { repositoryJson } from '../representations/repository.js';
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

  app.delete('/installation/token', (request, reply) => {
    const { token } = requireInstallation(request.actor);
    ghes.store.change((state) => {
      state.installationTokens = state.installationTokens.filter((item) => item !== token);
    });
    return reply.code(204).send();
  });
}
