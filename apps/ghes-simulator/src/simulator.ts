import { mkdir } from 'node:fs/promises';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import fastify, { type FastifyInstance, type FastifyServerFactory } from 'fastify';
import { pino, type Logger } from 'pino';
import { GivenSecrets } from './access/given-secrets.js';
import { ArchiveLinks } from './archives/archive-links.js';
import { codeload } from './archives/archives.js';
import { Clock } from './clock.js';
import { Conformance } from './conformance/conformance.js';
import { controlApi } from './control/control.js';
import { RequestLog } from './control/request-log.js';
import { Faults } from './faults/faults.js';
import type { Ghes } from './ghes.js';
import { GitRepositories } from './git/git-repositories.js';
import { Git } from './git/git.js';
import { ConnectProxy, type ConnectProxyOptions } from './front/connect-proxy.js';
import { gatewayHook } from './front/gateway.js';
import { privateNetwork } from './front/private-authority.js';
import { graphqlApi } from './graphql/graphql.js';
import { gitHttp } from './git-http/git-http.js';
import { serverHeaders } from './headers.js';
import { oauthTokenApi } from './oauth/oauth-token.js';
import { restApi } from './rest/api.js';
import { byCurrentName } from './rest/repository-addresses.js';
import { seed, seedFrom } from './seed/seed.js';
import { spareConnections } from './spare-connections.js';
import { Store } from './state/store.js';
import type { ApiVersion } from './rest/api-version.js';
import { tlsPair, type TlsFiles, type TlsPair } from './tls.js';
import { webPages } from './web/pages.js';
import { Deliverer } from './webhooks/deliverer.js';
import { DeliveryFaults } from './webhooks/delivery-faults.js';
import { DeliveryLog } from './webhooks/delivery-log.js';

export interface SimulatorOptions {
  /** 0 selects a free port. */
  readonly port: number;
  readonly host: string;
  readonly dataFolder: string;
  /** Default `http://localhost:<port>`. */
  readonly publicUrl?: string | undefined;
  readonly version: string;
  /** Version of all answers of the REST API, whatever version a request names. Default: 2022-11-28. */
  readonly apiVersion?: ApiVersion | undefined;
  readonly privateMode: boolean;
  readonly conversionWebhookSecret: boolean;
  /** Default 100,000, as on GHES. */
  readonly treeEntryLimit?: number | undefined;
  /** Default: plain HTTP. */
  readonly tls?: TlsFiles | 'self-signed' | 'private-ca' | undefined;
  /** Gateway and proxy in front of the server. Default: none. */
  readonly front?: FrontOptions | undefined;
  /** Checks every request, answer and webhook against GitHub's descriptions. Default: false. */
  readonly check?: boolean | undefined;
  readonly gitBinary: string;
  readonly searchPath: string;
  /** A local git repository to copy in as `acme/<folder name>`. */
  readonly seedRepository?: string | undefined;
  readonly seedPassword?: string | undefined;
  readonly log?: Logger | undefined;
}

/** A gateway and a proxy in front of the server. */
export interface FrontOptions {
  /** Requires a client certificate of the private authority. */
  readonly mutualTls: boolean;
  readonly gatewayHeader: { readonly name: string; readonly value: string } | undefined;
  readonly proxy: Pick<ConnectProxyOptions, 'port' | 'credentials'> | undefined;
}

export interface Simulator {
  readonly url: string;
  /** URL of the proxy in front of the server, if there is one. */
  readonly proxyUrl: string | undefined;
  /** Completes requests in flight, then stops. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a simulated GitHub Enterprise Server with its repositories, accounts, apps and deliveries in `dataFolder`. An
 * empty folder is seeded.
 *
 * @throws GitMissingError without Git, SeedError if `seedRepository` is not a repository
 */
export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const ghes = await openServer(options);
  const tls = await tlsOf(options);
  const proxy = openProxy(options, () => new URL(ghes.settings.publicUrl));
  const app = createHttp(ghes, tls, { front: options.front, proxy });
  const close = async () => {
    await proxy?.close();
    await app.close();
    await ghes.deliverer.close();
    await ghes.store.flush();
  };
  try {
    if (ghes.store.isNew) await seed(ghes, options.seedPassword);
    if (options.seedRepository !== undefined) await seedFrom(ghes, options.seedRepository);
    await ghes.store.flush();
    await app.listen({ port: options.port, host: options.host });
  } catch (error) {
    await close();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  ghes.settings.publicUrl =
    options.publicUrl?.replace(/(?<!\/)\/+$/, '') ?? `${tls ? 'https' : 'http'}://localhost:${port}`;
  return { url: ghes.settings.publicUrl, proxyUrl: await proxy?.listen(), close };
}

interface ServerTls extends TlsPair {
  /** Authority whose client certificates are accepted. */
  readonly clientCa?: string;
}

async function tlsOf({ tls, front, dataFolder }: SimulatorOptions): Promise<ServerTls | undefined> {
  if (tls === undefined) return undefined;
  if (tls !== 'private-ca') return tlsPair(tls);
  const { server, ca } = await privateNetwork(resolve(dataFolder));
  return front?.mutualTls === true ? { ...server, clientCa: ca } : server;
}

function openProxy({ front, host }: SimulatorOptions, server: () => URL): ConnectProxy | undefined {
  if (front?.proxy === undefined) return undefined;
  const target = () => {
    const { hostname, port, protocol } = server();
    return { host: hostname, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
  };
  return new ConnectProxy({ ...front.proxy, host, target });
}

async function openServer(options: SimulatorOptions): Promise<Ghes> {
  const folder = resolve(options.dataFolder);
  const root = join(folder, 'git');
  await mkdir(root, { recursive: true });
  const { version, apiVersion = '2022-11-28', privateMode, conversionWebhookSecret } = options;
  const treeEntryLimit = options.treeEntryLimit ?? 100_000;
  const publicUrl = options.publicUrl ?? '';
  const settings = { publicUrl, version, apiVersion, privateMode, conversionWebhookSecret, treeEntryLimit };
  const clock = new Clock();
  const log = options.log ?? pino({ level: 'silent' });
  const configFile = join(folder, 'gitconfig');
  const git = await Git.create({ binary: options.gitBinary, searchPath: options.searchPath, configFile });
  const deliveries = await DeliveryLog.open(folder, clock);
  const conformance = options.check === true ? new Conformance(version) : undefined;
  return {
    settings,
    clock,
    log,
    store: await Store.open(folder),
    git: new GitRepositories(git, root),
    archives: new ArchiveLinks(clock),
    conformance,
    given: new GivenSecrets(),
    deliverer: new Deliverer(settings, clock, log, deliveries, new DeliveryFaults(), conformance),
  };
}

function overTls({ cert, key, clientCa }: ServerTls): FastifyServerFactory {
  // Browsers have no client certificate: the gateway rejects requests of programs without one.
  const clients = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: false };
  return (handler) => createTlsServer({ cert, key, ...clients }, handler);
}

interface InFront {
  readonly front: FrontOptions | undefined;
  readonly proxy: ConnectProxy | undefined;
}

function createHttp(ghes: Ghes, tls: ServerTls | undefined, { front, proxy }: InFront): FastifyInstance {
  const faults = new Faults(ghes.clock);
  const requests = new RequestLog();
  const app = fastify({
    ...(tls ? { serverFactory: overTls(tls) } : {}),
    bodyLimit: 150 * 1024 * 1024,
    // A push locks its repository while it is received, so a stalled client must time out.
    requestTimeout: 10 * 60 * 1000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    rewriteUrl: (request) => byCurrentName(ghes, request.url ?? '/'),
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
  });
  if (front) {
    app.addHook('onRequest', gatewayHook({ header: front.gatewayHeader, requireClientCertificate: front.mutualTls }));
  }
  requests.observe(app);
  app.addHook('onRequest', async (request, reply) => {
    serverHeaders(ghes, reply);
    if (!request.url.startsWith('/_simulator/')) await faults.apply(request, reply);
  });
  const endSpareConnections = spareConnections(app.server);
  app.addHook('preClose', (done) => {
    faults.stop();
    endSpareConnections();
    done();
  });
  // A change is on disk before its answer is sent.
  app.addHook('onSend', (request, reply, payload) => faults.change(request, reply, payload));
  app.addHook('onSend', async (request) => {
    if (request.method !== 'GET') await ghes.store.flush();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { method, url } = request;
    ghes.log.debug({ method, url: url.split('?')[0], status: reply.statusCode }, 'answered');
    done();
  });
  const scope = (prefix: string, routes: (scoped: FastifyInstance) => void) =>
    app.register(
      (scoped, _options, done) => {
        routes(scoped);
        done();
      },
      { prefix },
    );
  void scope('/api/v3', (scoped) => restApi(scoped, ghes));
  void scope('/_simulator', (scoped) => controlApi(scoped, ghes, { faults, requests, proxy }));
  void scope('', (scoped) => codeload(scoped, ghes));
  void scope('/api/graphql', (scoped) => graphqlApi(scoped, ghes));
  void scope('/login/oauth', (scoped) => oauthTokenApi(scoped, ghes));
  void scope('', (scoped) => gitHttp(scoped, ghes));
  void scope('', (scoped) => webPages(scoped, ghes));
  return app;
}
