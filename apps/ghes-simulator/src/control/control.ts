import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { convertManifestCode, createFromManifest, nameIsTaken } from '../apps/apps.js';
import { parseManifest } from '../apps/manifest.js';
import { chooseRepositories, install, installationOf, suspend, uninstall, unsuspend } from '../apps/installations.js';
import { faultSchema } from '../faults/fault-schema.js';
import type { Faults } from '../faults/faults.js';
import type { ConnectProxy } from '../front/connect-proxy.js';
import { isRepositoryName } from '../git/names.js';
import type { Ghes } from '../ghes.js';
import { appJson, conversionJson, installationJson } from '../representations/app.js';
import { repositoryJson } from '../representations/repository.js';
import { createRepository } from '../repositories/repositories.js';
import { ApiError, notFound, statusOf } from '../rest/api.error.js';
import { findAccount, findApp, findInstallation, findRepository } from '../state/lookup.js';
import type { Account, Installation, Repository } from '../state/model.js';
import { deliveryFaultSchema } from '../webhooks/delivery-faults.js';
import { appControls } from './app-controls.js';
import { identityControls } from './identity-controls.js';
import { requireLocalCaller } from './local-callers.js';
import type { RequestLog } from './request-log.js';
import { repositoryControls } from './repository-controls.js';
import { administratorOf, read } from './requests.js';
import { userControls } from './user-controls.js';

const installationRequest = z.object({
  app: z.string().describe('slug'),
  account: z.string().describe('login of the organization or user'),
  repositories: z.union([z.literal('all'), z.array(z.string())]).default('all'),
});

/** The parts of a server that only the control reaches. */
interface ControlledParts {
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** The proxy in front of the server, if there is one. */
  readonly proxy: ConnectProxy | undefined;
}

/** API by which tests prepare and inspect the server; no real server has it. Available on this machine only. */
export function controlApi(app: FastifyInstance, ghes: Ghes, { faults, requests, proxy }: ControlledParts): void {
  app.addHook('onRequest', (request, _reply, done) => {
    requireLocalCaller(request);
    done();
  });
  app.setErrorHandler((error, _request, reply) => {
    const status = statusOf(error);
    if (status >= 500) ghes.log.error({ err: error }, 'control request failed');
    return reply.code(status).send({ message: error instanceof Error ? error.message : 'failed' });
  });

  app.get('/proxy', () => proxy?.counts ?? { tunnels: 0, rejected: 0 });

  app.get('/secrets', () => ghes.given.list());

  app.get('/clock', () => ({ now: ghes.clock.now().toISOString() }));
  app.post('/clock', (request) => {
    ghes.clock.advance(read(z.object({ advanceSeconds: z.number() }), request).advanceSeconds);
    return { now: ghes.clock.now().toISOString() };
  });

  app.get('/conformance', () => ghes.conformance?.read() ?? { enabled: false });
  app.delete('/conformance', () => {
    ghes.conformance?.reset();
    return ghes.conformance?.read() ?? { enabled: false };
  });

  app.get<{ Querystring: { route?: string } }>('/requests', ({ query }) => requests.list(query.route));
  app.delete('/requests', (_request, reply) => {
    requests.clear();
    return reply.code(204).send();
  });

  manifestRoutes(app, ghes);
  deliveryRoutes(app, ghes);
  repositoryCreation(app, ghes);
  userControls(app, ghes);
  installationRoutes(app, ghes);
  appControls(app, ghes);
  repositoryControls(app, ghes);
  identityControls(app, ghes);
  faultRoutes(app, ghes, faults);
}

/** Apps, and the manifest flow that creates them. */
function manifestRoutes(app: FastifyInstance, ghes: Ghes): void {
  const { store } = ghes;
  app.get('/apps', () =>
    store.state.apps.map((item) => ({
      ...appJson(ghes, item),
      hook: {
        url: item.hook.url,
        active: item.hookActive,
        hasSecret: item.hook.secret !== null,
        secret: item.hook.secret,
      },
      installations: store.state.installations
        .filter((installation) => installation.appId === item.id)
        .map((installation) => installationJson(ghes, installation)),
    })),
  );

  const manifestRequest = z.object({ account: z.string(), manifest: z.record(z.string(), z.unknown()) });
  const codeFor = (request: FastifyRequest): string => {
    const wanted = read(manifestRequest, request);
    const owner = findAccount(store, wanted.account);
    if (!owner) throw notFound();
    const result = parseManifest(JSON.stringify(wanted.manifest));
    if (!result.ok) throw new ApiError(422, result.faults.join(' '));
    if (nameIsTaken(ghes, result.manifest.name, owner.id)) throw new ApiError(422, 'The name is already taken.');
    return createFromManifest(ghes, owner, administratorOf(ghes, owner), result.manifest);
  };

  /** The manifest flow in one step. Answers like a conversion, with the credentials. */
  app.post('/apps', async (request, reply) => {
    return reply.code(201).send(conversionJson(ghes, await convertManifestCode(ghes, codeFor(request))));
  });

  /** The manifest flow up to its redirect. */
  app.post('/manifest-codes', (request, reply) => reply.code(201).send({ code: codeFor(request) }));
}

function deliveryRoutes(app: FastifyInstance, ghes: Ghes): void {
  app.get('/deliveries', () => ghes.deliverer.deliveries.all());

  /** Answers once no delivery is in flight. */
  app.post('/deliveries/settle', async () => {
    await ghes.deliverer.idle();
    return { settled: true };
  });
}

function repositoryCreation(app: FastifyInstance, ghes: Ghes): void {
  const { store } = ghes;
  app.post('/repositories', async (request, reply) => {
    const schema = z.object({ owner: z.string(), name: z.string(), private: z.boolean().default(false) });
    const wanted = read(schema, request);
    const owner = findAccount(store, wanted.owner);
    if (!owner) throw notFound();
    if (!isRepositoryName(wanted.name)) throw new ApiError(422, `"${wanted.name}" is not a repository name`);
    if (findRepository(store, wanted.owner, wanted.name))
      throw new ApiError(422, 'name already exists on this account');
    const { name, private: isPrivate } = wanted;
    const repository = await createRepository(ghes, owner, { name, description: null, private: isPrivate });
    return reply.code(201).send(repositoryJson(ghes, repository));
  });
}

function installationRoutes(app: FastifyInstance, ghes: Ghes): void {
  /** Installs the app, or changes the repositories of its installation. */
  app.post('/installations', (request, reply) => {
    const wanted = read(installationRequest, request);
    const owner = findAccount(ghes.store, wanted.account);
    const target = findApp(ghes.store, wanted.app);
    if (!owner || !target) throw notFound();
    const choice = wanted.repositories === 'all' ? 'all' : wanted.repositories.map((name) => owned(ghes, owner, name));
    const existing = installationOf(ghes, target, owner);
    if (existing) chooseRepositories(ghes, existing, choice, administratorOf(ghes, owner));
    const installation = existing ?? install(ghes, target, owner, choice, administratorOf(ghes, owner));
    return reply.code(existing ? 200 : 201).send(installationJson(ghes, installation));
  });

  const actions = { suspend, unsuspend, uninstall };
  for (const [name, act] of Object.entries(actions)) {
    app.post<{ Params: { id: string } }>(`/installations/:id/${name}`, ({ params }) => {
      const installation = findInstallation(ghes.store, Number(params.id));
      if (!installation) throw notFound();
      act(ghes, installation, administratorOf(ghes, accountOf(ghes, installation)));
      return { done: name };
    });
  }
}

function faultRoutes(app: FastifyInstance, ghes: Ghes, faults: Faults): void {
  app.get('/faults', () => ({
    requests: faults.list(),
    paused: faults.pausedRequests,
    deliveries: ghes.deliverer.faults.list(),
  }));
  app.post('/faults/resume', () => {
    faults.resume();
    return { paused: faults.pausedRequests };
  });
  app.delete('/faults', () => {
    faults.clear();
    ghes.deliverer.faults.clear();
    return { requests: [], deliveries: [] };
  });
  app.post('/faults', (request, reply) => {
    faults.add(read(faultSchema, request));
    return reply.code(201).send({ requests: faults.list() });
  });
  app.post('/delivery-faults', (request, reply) => {
    ghes.deliverer.faults.add(read(deliveryFaultSchema, request));
    return reply.code(201).send({ deliveries: ghes.deliverer.faults.list() });
  });
}

function owned(ghes: Ghes, owner: Account, name: string): Repository {
  const repository = findRepository(ghes.store, owner.login, name);
  if (!repository) throw new ApiError(422, `${owner.login} has no repository "${name}"`);
  return repository;
}

function accountOf(ghes: Ghes, installation: Installation): Account {
  const account = ghes.store.state.accounts.find((item) => item.id === installation.accountId);
  if (!account) throw notFound();
  return account;
}
