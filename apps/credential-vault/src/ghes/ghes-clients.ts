import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { createGhesClient, ghesNetwork, signAppJwt } from '@reunite/ghes-client';
import type { GhesAuth, GhesClient, GhesNetwork, OAuthApp } from '@reunite/ghes-client';
import type { EntityManager } from 'typeorm';
import type { ConnectedConnection } from '../connections/connections.js';
import { Credentials } from '../credentials/credentials.js';
import { UndecryptableError } from '../envelope/undecryptable.error.js';

export interface GhesSettings {
  /** Ranges that are open although they are blocked otherwise: loopback in a local stack. */
  readonly allowedCidrs: readonly string[];
  readonly allowInsecureHttp: boolean;
}

/** An app as it acts on the tokens of users. */
export interface OAuthClient {
  /** The connection's. */
  readonly id: string;
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Networks that are kept open; one that is asked for again is made anew. */
const NETWORKS = 1_000;

export const GHES_SETTINGS = Symbol('GHES settings');

/** Clients of the servers. Each is pinned to its connection's origin (P6) and shares that connection's network. */
@Injectable()
export class GhesClients implements OnModuleDestroy {
  private readonly networks = new Map<string, GhesNetwork>();

  constructor(
    @Inject(GHES_SETTINGS) private readonly settings: GhesSettings,
    private readonly credentials: Credentials,
  ) {}

  /** Without a credential, for the exchange of a manifest code. */
  anonymous(connection: { id: string; origin: string }): GhesClient {
    return this.client(connection, { type: 'none' });
  }

  /** As the app. Each request has a JWT of its own; after a 401, which teaches the clock skew, one more. */
  asApp(connection: ConnectedConnection): GhesClient {
    const jwt = () =>
      this.credentials.use(connection, 'private-key', (pem) => this.sign(connection, pem.toString('utf8')));
    return this.client(connection, { type: 'app', jwt, refresh: jwt });
  }

  /** As the app that it would be with this key, which is not kept. */
  asAppWith(app: { id: string; origin: string; appId: number }, privateKeyPem: string): GhesClient {
    const jwt = () => this.sign(app, privateKeyPem);
    return this.client(app, { type: 'app', jwt, refresh: jwt });
  }

  withToken(connection: ConnectedConnection, token: string): GhesClient {
    return this.client(connection, { type: 'installation', token: () => Promise.resolve(token) });
  }

  asUser(connection: ConnectedConnection, token: string): GhesClient {
    return this.client(connection, { type: 'user', token: () => Promise.resolve(token) });
  }

  /** As the app by its Client ID and secret, which is asked for on the tokens of its users. */
  asOAuthApp({ id, origin, clientId, clientSecret }: OAuthClient): GhesClient {
    return this.client(
      { id, origin },
      { type: 'oauth-app', clientId, clientSecret: () => Promise.resolve(clientSecret) },
    );
  }

  /** The app as the end point for user tokens wants it. */
  oauthApp({ id, origin, clientId, clientSecret }: OAuthClient): OAuthApp {
    return { origin, network: this.networkOf(id), clientId, clientSecret };
  }

  /** The Client ID and secret of the connection's app, for a few requests. */
  async oauthClient(connection: ConnectedConnection): Promise<OAuthClient> {
    return this.credentials.use(connection, 'client-secret', (secret) =>
      Promise.resolve(oauthClientOf(connection, secret)),
    );
  }

  /** The same, read now and decrypted when the transaction that may destroy it is over. */
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

  /** Ends the connection's network; to be called when the connection is deleted. */
  async forget(connectionId: string): Promise<void> {
    const network = this.networks.get(connectionId);
    this.networks.delete(connectionId);
    await network?.close();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.networks.keys()].map((connectionId) => this.forget(connectionId)));
  }

  private client(connection: { id: string; origin: string }, auth: GhesAuth): GhesClient {
    return createGhesClient({ origin: connection.origin, auth, network: this.networkOf(connection.id) });
  }

  private sign({ id, appId }: { id: string; appId: number }, privateKeyPem: string): Promise<string> {
    return signAppJwt({ appId, privateKeyPem, clockSkewSeconds: this.networkOf(id).clockSkewSeconds() });
  }

  private networkOf(connectionId: string): GhesNetwork {
    const network = this.networks.get(connectionId) ?? ghesNetwork({ allowedCidrs: this.settings.allowedCidrs });
    this.networks.delete(connectionId);
    this.networks.set(connectionId, network);
    // The one that was not asked for longest goes: of a connection that was refused, or deleted by another replica.
    const [oldest] = this.networks.keys();
    if (this.networks.size > NETWORKS && oldest !== undefined) void this.forget(oldest);
    return network;
  }
}

function oauthClientOf({ id, origin, clientId }: ConnectedConnection, clientSecret: Buffer): OAuthClient {
  return { id, origin, clientId: clientId ?? '', clientSecret: clientSecret.toString('utf8') };
}
