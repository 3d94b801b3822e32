import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { newClientSecret, newPrivateKey, slugOf } from '../apps/apps.js';
import { acceptPermissions, uninstall } from '../apps/installations.js';
import type { Ghes } from '../ghes.js';
import { appJson, installationJson } from '../representations/app.js';
import { ApiError, notFound } from '../rest/api.error.js';
import { accountById, findApp, findInstallation } from '../state/lookup.js';
import type { App } from '../state/model.js';
import { administratorOf, read } from './requests.js';

interface AppRoute {
  readonly Params: { slug: string };
}

const permissions = z.object({
  permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])),
  events: z.array(z.string()).optional(),
});

/** What an app's owner does to it on the server, and whoever installed it. */
export function appControls(app: FastifyInstance, ghes: Ghes): void {
  const find = (slug: string): App => {
    const found = findApp(ghes.store, slug);
    if (!found) throw notFound();
    return found;
  };

  /** The slug and the bot's login follow the name. */
  app.post<AppRoute>('/apps/:slug/rename', (request) => {
    const found = find(request.params.slug);
    const { name } = read(z.object({ name: z.string().min(1).max(34) }), request);
    const slug = slugOf(name);
    if (findApp(ghes.store, slug)) throw new ApiError(422, 'The name is already taken.');
    ghes.store.change(() => {
      Object.assign(found, { name, slug, updatedAt: ghes.clock.timestamp() });
      Object.assign(accountById(ghes.store, found.botId), { name, login: `${slug}[bot]` });
    });
    return appJson(ghes, found);
  });

  app.delete<AppRoute>('/apps/:slug', ({ params }, reply) => {
    const found = find(params.slug);
    const owner = administratorOf(ghes, accountById(ghes.store, found.ownerId));
    const installations = ghes.store.state.installations.filter((item) => item.appId === found.id);
    for (const installation of installations) uninstall(ghes, installation, owner);
    ghes.store.change((state) => (state.apps = state.apps.filter((item) => item !== found)));
    return reply.code(204).send();
  });

  app.post<AppRoute>('/apps/:slug/keys', async ({ params }, reply) => {
    return reply.code(201).send({ pem: await newPrivateKey(ghes, find(params.slug)) });
  });

  app.post<AppRoute>('/apps/:slug/client-secrets', ({ params }, reply) =>
    reply.code(201).send({ client_secret: newClientSecret(ghes, find(params.slug)) }),
  );

  /** Every private key is removed: no JWT of the app is valid any more. */
  app.delete<AppRoute>('/apps/:slug/keys', ({ params }, reply) => {
    const found = find(params.slug);
    ghes.store.change(() => (found.keys = []));
    return reply.code(204).send();
  });

  /** The app asks for these from now on; installations keep what they had until somebody accepts. */
  app.put<AppRoute>('/apps/:slug/permissions', (request) => {
    const found = find(request.params.slug);
    const wanted = read(permissions, request);
    ghes.store.change(() => {
      found.permissions = { metadata: 'read', ...wanted.permissions };
      found.events = wanted.events ?? found.events;
    });
    return appJson(ghes, found);
  });

  app.post<{ Params: { id: string } }>('/installations/:id/accept-permissions', ({ params }) => {
    const installation = findInstallation(ghes.store, Number(params.id));
    if (!installation) throw notFound();
    const owner = administratorOf(ghes, accountById(ghes.store, installation.accountId));
    acceptPermissions(ghes, installation, owner);
    return installationJson(ghes, installation);
  });
}
