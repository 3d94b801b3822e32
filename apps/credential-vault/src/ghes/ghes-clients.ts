import { Injectable } from '@nestjs/common';
import { createGhesClient } from '@reunite/ghes-client';
import type { GhesAuth, GhesClient, GhesNetwork, OAuthApp, RsaSigner } from '@reunite/ghes-client';
import type { EntityManager } from 'typeorm';
import type { ConnectedConnection } from '../connections/connections.js';
import { Credentials } from '../credentials/credentials.js';
import { canonicalJson } from '../crypto/canonical.js';
import { UndecryptableError } from '../envelope/undecryptable.error.js';
import type { ProfileOwner } from '../profiles/connection-profiles.js';
import { AppSigner } from '../signing/app-signer.js';
import { createAppAuthentication } from './app-authentication.js';
import type { AppAuthentication } from './app-authentication.js';
import { ServerNetworks } from './server-networks.js';

/** The server of a connection, and the organization whose share of the vault's capacity its requests use. */
export interface ServerTarget extends ProfileOwner {
  /** Reaches the server by a profile that is not stored yet. Default: by the stored one. */
  readonly network?: GhesNetwork;
}

/** An app's OAuth client: it requests and revokes user tokens. */
export interface OAuthClient {
  readonly origin: string;
  readonly network: GhesNetwork;
  readonly clientId: string;
  readonly clientSecret: string;
}

interface OwnedAuthentication {
  readonly owner: string;
  readonly authentication: AppAuthentication;
}

/** Creates clients of the servers. A client is pinned to its connection's origin (P6) and uses that connection's network. */
@Injectable()
export class GhesClients {
  private readonly apps = new WeakMap<GhesNetwork, OwnedAuthentication>();

  constructor(
    private readonly networks: ServerNetworks,
    private readonly credentials: Credentials,
    private readonly signer: AppSigner,
  ) {}

  /** A client without a credential. */
  anonymous(target: ServerTarget): Promise<GhesClient> {
    return this.client(target, { type: 'none' });
  }

  /** A client as the app. Each request has a JWT of its own, and a second one after a 401, which reveals the clock skew. */
  async asApp(connection: ConnectedConnection): Promise<GhesClient> {
    const network = await this.networks.of(connection);
    const { id, organizationId, origin, appId } = connection;
    // An instance is bound to the owner of its private key: a row that was tampered with must not use another row's key.
    const owner = canonicalJson([id, organizationId, origin, appId]);
    let app = this.apps.get(network);
    if (app?.owner !== owner) {
      const authentication = createAppAuthentication({
        appId,
        sign: (data) => this.signer.sign(connection, data),
        clockSkewSeconds: () => network.clockSkewSeconds(),
      });
      app = { owner, authentication };
      this.apps.set(network, app);
    }
    return createGhesClient({ origin, auth: appAuth(app.authentication), network });
  }

  /** A client as the app that this signer signs for, e.g. with a private key that is not stored. */
  async asAppWith(app: ServerTarget & { readonly appId: number }, sign: RsaSigner): Promise<GhesClient> {
    const network = await this.networkOf(app);
    const authentication = createAppAuthentication({
      appId: app.appId,
      sign,
      clockSkewSeconds: () => network.clockSkewSeconds(),
    });
    return createGhesClient({ origin: app.origin, auth: appAuth(authentication), network });
  }

  withToken(connection: ConnectedConnection, token: string): Promise<GhesClient> {
    return this.client(connection, { type: 'installation', token: () => Promise.resolve(token) });
  }

  asUser(connection: ConnectedConnection, token: string): Promise<GhesClient> {
    return this.client(connection, { type: 'user', token: () => Promise.resolve(token) });
  }

  /** A client as the app by its client id and secret, for operations on user tokens. */
  asOAuthApp({ origin, network, clientId, clientSecret }: OAuthClient): GhesClient {
    const auth = { type: 'oauth-app', clientId, clientSecret: () => Promise.resolve(clientSecret) } as const;
    return createGhesClient({ origin, auth, network });
  }

  /** The app as the token endpoint of the OAuth flow expects it. */
  oauthApp(client: OAuthClient): OAuthApp {
    return client;
  }

  /** @returns the client id and secret of the connection's app */
  async oauthClient(connection: ConnectedConnection): Promise<OAuthClient> {
    const network = await this.networks.of(connection);
    return this.credentials.use(connection, 'client-secret', (secret) =>
      Promise.resolve(oauthClientOf(connection, network, secret)),
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
      const network = await this.networks.of(connection);
      const secret = await open();
      const client = oauthClientOf(connection, network, secret);
      secret.fill(0);
      return client;
    };
  }

  /** Reads the profile, so that the server of a connection can be reached after the deletion of its rows. */
  async prepareDeletion(connection: ConnectedConnection): Promise<void> {
    // A profile that cannot be read must not prevent the deletion.
    await this.networks.of(connection).catch(() => undefined);
  }

  /** Closes the network of a deleted connection. */
  forget(connectionId: string): void {
    this.networks.forget(connectionId);
  }

  private networkOf(target: ServerTarget): Promise<GhesNetwork> {
    return target.network ? Promise.resolve(target.network) : this.networks.of(target);
  }

  private async client(target: ServerTarget, auth: GhesAuth): Promise<GhesClient> {
    return createGhesClient({ origin: target.origin, auth, network: await this.networkOf(target) });
  }
}

function appAuth(authentication: AppAuthentication): GhesAuth {
  const jwt = () => authentication.jwt();
  return { type: 'app', jwt, refresh: jwt };
}

function oauthClientOf({ origin, clientId }: ConnectedConnection, network: GhesNetwork, secret: Buffer): OAuthClient {
  return { origin, network, clientId: clientId ?? '', clientSecret: secret.toString('utf8') };
}
