import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { createGhesClient, ResponseBudgets } from '@reunite/ghes-client';
import type {
  GhesAuth,
  GhesClient,
  GhesNetwork,
  NetworkLimits,
  OAuthApp,
  ResponseBudgetLimits,
} from '@reunite/ghes-client';
import { LRUCache } from 'lru-cache';
import type { EntityManager } from 'typeorm';
import { KeyedConcurrencyLimit } from '../concurrency/keyed-concurrency-limit.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { Credentials } from '../credentials/credentials.js';
import { canonicalJson } from '../crypto/canonical.js';
import { UndecryptableError } from '../envelope/undecryptable.error.js';
import { createAppAuthentication } from './app-authentication.js';
import type { AppAuthentication } from './app-authentication.js';
import { OrganizationNetwork } from './organization-network.js';

export interface GhesSettings {
  /** Address ranges that are reachable although they are blocked by default, e.g. loopback in a local stack. */
  readonly allowedCidrs: readonly string[];
  readonly allowInsecureHttp: boolean;
  /** Limits of one connection. */
  readonly limits: Partial<NetworkLimits>;
  readonly budgets: ResponseBudgetLimits;
}

/** The server of a connection, and the organization whose share of the vault's capacity its requests use. */
export interface ServerTarget {
  /** Id of the connection. */
  readonly id: string;
  readonly organizationId: string;
  readonly origin: string;
}

/** An app's OAuth client: it requests and revokes user tokens. */
export interface OAuthClient extends ServerTarget {
  readonly clientId: string;
  readonly clientSecret: string;
}

interface Server {
  readonly network: GhesNetwork;
  /** Created by the first request as the app. */
  // eslint-disable-next-line no-restricted-syntax -- replacing the whole server would close its network
  app?: { readonly owner: string; readonly authentication: AppAuthentication };
}

/** Connections whose keep-alive connections stay open; the least recently used one is closed first. */
const MAX_SERVERS = 1_000;
/** Concurrent requests to the servers of one organization. One slow server must not use up what the others share. */
const MAX_ORGANIZATION_REQUESTS = 16;
/** Concurrent requests to the server of one connection. */
const MAX_CONNECTION_REQUESTS = 8;

export const GHES_SETTINGS = Symbol('GHES settings');

/** Creates clients of the servers. A client is pinned to its connection's origin (P6) and uses that connection's network. */
@Injectable()
export class GhesClients implements OnModuleDestroy {
  private readonly servers = new LRUCache<string, Server>({
    max: MAX_SERVERS,
    dispose: ({ network }) => void network.close(),
  });
  private readonly limit = new KeyedConcurrencyLimit({ perKey: MAX_ORGANIZATION_REQUESTS });
  private readonly budgets: ResponseBudgets;

  constructor(
    @Inject(GHES_SETTINGS) private readonly settings: GhesSettings,
    private readonly credentials: Credentials,
  ) {
    this.budgets = new ResponseBudgets(settings.budgets);
  }

  /** A client without a credential. */
  anonymous(target: ServerTarget): GhesClient {
    return this.client(target, { type: 'none' });
  }

  /** A client as the app. Each request has a JWT of its own, and a second one after a 401, which reveals the clock skew. */
  asApp(connection: ConnectedConnection): GhesClient {
    const server = this.server(connection);
    const { id, organizationId, origin, appId } = connection;
    // An instance is bound to the owner of its private key: a row that was tampered with must not use another row's key.
    const owner = canonicalJson([id, organizationId, origin, appId]);
    if (server.app?.owner !== owner) {
      const authentication = createAppAuthentication({
        appId,
        usePrivateKey: (use) => this.credentials.use(connection, 'private-key', (pem) => use(pem.toString('utf8'))),
        clockSkewSeconds: () => server.network.clockSkewSeconds(),
      });
      server.app = { owner, authentication };
    }
    return this.client(connection, appAuth(server.app.authentication));
  }

  /** A client as the app that has this private key, which is not stored. */
  asAppWith(app: ServerTarget & { readonly appId: number }, privateKeyPem: string): GhesClient {
    const { network } = this.server(app);
    const authentication = createAppAuthentication({
      appId: app.appId,
      usePrivateKey: (use) => use(privateKeyPem),
      clockSkewSeconds: () => network.clockSkewSeconds(),
    });
    return this.client(app, appAuth(authentication));
  }

  withToken(connection: ConnectedConnection, token: string): GhesClient {
    return this.client(connection, { type: 'installation', token: () => Promise.resolve(token) });
  }

  asUser(connection: ConnectedConnection, token: string): GhesClient {
    return this.client(connection, { type: 'user', token: () => Promise.resolve(token) });
  }

  /** A client as the app by its client id and secret, for operations on user tokens. */
  asOAuthApp(client: OAuthClient): GhesClient {
    const { clientId, clientSecret } = client;
    return this.client(client, { type: 'oauth-app', clientId, clientSecret: () => Promise.resolve(clientSecret) });
  }

  /** The app as the token endpoint of the OAuth flow expects it. */
  oauthApp(client: OAuthClient): OAuthApp {
    const { origin, clientId, clientSecret } = client;
    return { origin, network: this.server(client).network, clientId, clientSecret };
  }

  /** @returns the client id and secret of the connection's app */
  async oauthClient(connection: ConnectedConnection): Promise<OAuthClient> {
    return this.credentials.use(connection, 'client-secret', (secret) =>
      Promise.resolve(oauthClientOf(connection, secret)),
    );
  }

  /**
   * Reads the sealed client secret within a transaction that may destroy it.
   *
   * @returns decrypts it, to be called after the transaction
   */
  async oauthClientLater(manager: EntityManager, connection: ConnectedConnection): Promise<() => Promise<OAuthClient>> {
    const open = await this.credentials.later(manager, connection, 'client-secret');
    return async () => {
      if (!open) throw new UndecryptableError(`Connection ${connection.id} has no client-secret.`);
      const secret = await open();
      const client = oauthClientOf(connection, secret);
      secret.fill(0);
      return client;
    };
  }

  /** Closes the network of a deleted connection. */
  forget(connectionId: string): void {
    this.servers.delete(connectionId);
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.servers.values()].map(({ network }) => network.close()));
  }

  private client(target: ServerTarget, auth: GhesAuth): GhesClient {
    return createGhesClient({ origin: target.origin, auth, network: this.server(target).network });
  }

  private server({ id, organizationId }: ServerTarget): Server {
    const existing = this.servers.get(id);
    if (existing) return existing;
    const { allowedCidrs, limits } = this.settings;
    const options = {
      allowedCidrs,
      limits: { ...limits, maxConcurrentRequests: MAX_CONNECTION_REQUESTS },
      budgets: this.budgets.of(organizationId),
    };
    const server: Server = { network: new OrganizationNetwork(options, organizationId, this.limit) };
    this.servers.set(id, server);
    return server;
  }
}

function appAuth(authentication: AppAuthentication): GhesAuth {
  const jwt = () => authentication.jwt();
  return { type: 'app', jwt, refresh: jwt };
}

function oauthClientOf({ id, organizationId, origin, clientId }: ConnectedConnection, secret: Buffer): OAuthClient {
  return { id, organizationId, origin, clientId: clientId ?? '', clientSecret: secret.toString('utf8') };
}
