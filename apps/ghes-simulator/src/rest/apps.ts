import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { requireApp } from '../access/authorize.js';
import { convertManifestCode } from '../apps/apps.js';
import { createToken } from '../apps/installation-tokens.js';
import { installationOf, suspend, uninstall, unsuspend } from '../apps/installations.js';
import type { Actor } from '../access/actor.js';
import type { Ghes } from '../ghes.js';
import { appJson, conversionJson, installationJson, installationRequestJson } from '../representations/app.js';
import { repositoryJson } from '../representations/repository.js';
import { accountById, findAccount, findInstallation, findRepository, installedRepositories } from '../state/lookup.js';
import type { Installation } from '../state/model.js';
import { notFound } from './api.error.js';
import { idOf, pageOf, parseBody, type RepositoryParams } from './requests.js';

const tokenRequest = z.object({
  repository_ids: z.array(z.int()).max(500).optional(),
  repositories: z.array(z.string()).max(500).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).optional(),
});

/** https://docs.github.com/enterprise-server/rest/apps/apps */
export function appsApi(app: FastifyInstance, ghes: Ghes): void {
  const own = (actor: Actor, id: string): Installation => {
    const { app: caller } = requireApp(actor);
    const installation = findInstallation(ghes.store, idOf(id));
    if (installation?.appId !== caller.id) throw notFound();
    return installation;
  };

  app.post<{ Params: { code: string } }>('/app-manifests/:code/conversions', async ({ params }, reply) => {
    const credentials = await convertManifestCode(ghes, params.code);
    void reply.code(201);
    return conversionJson(ghes, credentials);
  });

  app.get('/app', ({ actor }) => {
    const { app: caller } = requireApp(actor);
    const installations = ghes.store.state.installations.filter((item) => item.appId === caller.id);
    return { ...appJson(ghes, caller), installations_count: installations.length };
  });

  app.get('/app/installations', (request, reply) => {
    const { app: caller } = requireApp(request.actor);
    const installations = ghes.store.state.installations.filter((item) => item.appId === caller.id);
    return pageOf(ghes, request, reply, installations).map((item) => installationJson(ghes, item));
  });

  app.get('/app/installation-requests', (request, reply) => {
    const { app: caller } = requireApp(request.actor);
    const requests = ghes.store.state.installationRequests.filter((item) => item.appId === caller.id);
    return pageOf(ghes, request, reply, requests).map((item) => installationRequestJson(ghes, item));
  });

  app.get<{ Params: { id: string } }>('/app/installations/:id', ({ actor, params }) =>
    installationJson(ghes, own(actor, params.id)),
  );

  app.delete<{ Params: { id: string } }>('/app/installations/:id', ({ actor, params }, reply) => {
    uninstall(ghes, own(actor, params.id), accountById(ghes.store, requireApp(actor).app.botId));
    return reply.code(204).send();
  });

  app.put<{ Params: { id: string } }>('/app/installations/:id/suspended', ({ actor, params }, reply) => {
    suspend(ghes, own(actor, params.id), accountById(ghes.store, requireApp(actor).app.botId));
    return reply.code(204).send();
  });

  app.delete<{ Params: { id: string } }>('/app/installations/:id/suspended', ({ actor, params }, reply) => {
    unsuspend(ghes, own(actor, params.id), accountById(ghes.store, requireApp(actor).app.botId));
    return reply.code(204).send();
  });

  app.post<{ Params: { id: string } }>('/app/installations/:id/access_tokens', (request, reply) => {
    const installation = own(request.actor, request.params.id);
    const { value, token } = createToken(ghes, installation, parseBody(tokenRequest, request, 'InstallationToken'));
    const chosen = token.repositoryIds;
    const repositories = installedRepositories(ghes.store, installation).filter((item) => chosen?.includes(item.id));
    void reply.code(201);
    return {
      token: value,
      expires_at: token.expiresAt,
      permissions: token.permissions,
      repository_selection: chosen ? 'selected' : installation.repositorySelection,
      ...(chosen ? { repositories: repositories.map((item) => repositoryJson(ghes, item)) } : {}),
    };
  });

  app.get<{ Params: { org: string } }>('/orgs/:org/installation', ({ actor, params }) => {
    const account = findAccount(ghes.store, params.org);
    const installation = account && installationOf(ghes, requireApp(actor).app, account);
    if (!installation) throw notFound();
    return installationJson(ghes, installation);
  });

  app.get<{ Params: RepositoryParams }>('/repos/:owner/:repo/installation', ({ actor, params }) => {
    const { app: caller } = requireApp(actor);
    const repository = findRepository(ghes.store, params.owner, params.repo);
    const installation = repository && installationOf(ghes, caller, accountById(ghes.store, repository.ownerId));
    if (!installation || !installedRepositories(ghes.store, installation).includes(repository)) throw notFound();
    return installationJson(ghes, installation);
  });
}
