import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { newClientSecret, newPrivateKey, slugOf } from '../apps/apps.js';
import { acceptPermissions, requestInstallation, uninstall } from '../apps/installations.js';
import type { Ghes } from '../ghes.js';
import { appJson, installationJson, installationRequestJson } from '../representations/app.js';
import { ApiError, notFound } from '../rest/api.error.js';
import { accountById, findAccount, findApp, findInstallation } from '../state/lookup.js';
import type { App } from '../state/model.js';
import { administratorOf, read } from './requests.js';

interface AppRoute {
  readonly Params: { slug: string };
}

const permissions = z.object({
  permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])),
  events: z.array(z.string()).optional(),
});

/** Actions of an app's owner and of the accounts that installed it. */
export function appControls(app: FastifyInstance, ghes: Ghes): void {
  const find = (slug: string): App => {
    const target = findApp(ghes.store, slug);
    if (!target) throw notFound();
    return target;
  };

  /** Renames the app, its slug and the login of its bot. */
  app.post<AppRoute>('/apps/:slug/rename', (request) => {
    const target = find(request.params.slug);
    const { name } = read(z.object({ name: z.string().min(1).max(34) }), request);
    const slug = slugOf(name);
    if (findApp(ghes.store, slug)) throw new ApiError(422, 'The name is already taken.');
    ghes.store.change(() => {
      Object.assign(target, { name, slug, updatedAt: ghes.clock.timestamp() });
      Object.assign(accountById(ghes.store, target.botId), { name, login: `${slug}[bot]` });
    });
    return appJson(ghes, target);
  });

  app.delete<AppRoute>('/apps/:slug', ({ params }, reply) => {
    const target = find(params.slug);
    const owner = administratorOf(ghes, accountById(ghes.store, target.ownerId));
    const installations = ghes.store.state.installations.filter((item) => item.appId === target.id);
    for (const installation of installations) uninstall(ghes, installation, owner);
    ghes.store.change((state) => (state.apps = state.apps.filter((item) => item !== target)));
    return reply.code(204).send();
  });

  app.post<AppRoute>('/apps/:slug/keys', async ({ params }, reply) => {
    return reply.code(201).send({ pem: await newPrivateKey(ghes, find(params.slug)) });
  });

  app.post<AppRoute>('/apps/:slug/client-secrets', ({ params }, reply) =>
    reply.code(201).send({ client_secret: newClientSecret(ghes, find(params.slug)) }),
  );

  /** Removes all private keys, which invalidates every JWT of the app. */
  app.delete<AppRoute>('/apps/:slug/keys', ({ params }, reply) => {
    const target = find(params.slug);
    ghes.store.change(() => (target.keys = []));
    return reply.code(204).send();
  });

  /** Changes the permissions that the app requests. Installations keep theirs until an owner accepts. */
  app.put<AppRoute>('/apps/:slug/permissions', (request) => {
    const target = find(request.params.slug);
    const wanted = read(permissions, request);
    ghes.store.change(() => {
      target.permissions = { metadata: 'read', ...wanted.permissions };
      target.events = wanted.events ?? target.events;
    });
    return appJson(ghes, target);
  });

  /** Changes the webhook as an owner does on the settings page. */
  app.put<AppRoute>('/apps/:slug/hook', (request) => {
    const target = find(request.params.slug);
    const wanted = read(z.object({ url: z.string().optional(), active: z.boolean().optional() }), request);
    ghes.store.change(() => {
      target.hook.url = wanted.url ?? target.hook.url;
      target.hookActive = wanted.active ?? target.hookActive;
    });
    return appJson(ghes, target);
  });

  /** A member of an organization asks its owners to install the app. */
  app.post('/installation-requests', (request, reply) => {
    const wanted = read(z.object({ app: z.string(), account: z.string(), login: z.string() }), request);
    const account = findAccount(ghes.store, wanted.account);
    const user = findAccount(ghes.store, wanted.login);
    if (!account || !user) throw notFound();
    const created = requestInstallation(ghes, find(wanted.app), account, user);
    return reply.code(201).send(installationRequestJson(ghes, created));
  });

  app.post<{ Params: { id: string } }>('/installations/:id/accept-permissions', ({ params }) => {
    const installation = findInstallation(ghes.store, Number(params.id));
    if (!installation) throw notFound();
    const owner = administratorOf(ghes, accountById(ghes.store, installation.accountId));
    acceptPermissions(ghes, installation, owner);
    return installationJson(ghes, installation);
  });
}
