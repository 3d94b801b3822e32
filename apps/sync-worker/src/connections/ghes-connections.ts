import { ConnectionEntity } from '@reunite/connections';
import { ForbiddenError, isCoded, NotFoundError } from '@reunite/contracts';
import type { Actor, UserToken } from '@reunite/contracts';
import { createGhesClient, ghesNetwork, gitUploadPack } from '@reunite/ghes-client';
import type { GhesClient, GhesNetwork } from '@reunite/ghes-client';
import { RepositoryEntity } from '@reunite/repositories';
import type { UploadPack } from '@reunite/repositories';
import type { DataSource } from 'typeorm';
import type { Vault } from './vault.js';
import type { ActingAccess } from './acting.js';
import { installationTokens } from './installation-tokens.js';
import type { TokenSource } from './installation-tokens.js';
import { OriginMismatchError } from './origin-mismatch.error.js';

export interface GhesSettings {
  readonly allowedCidrs: readonly string[];
  readonly requestConcurrency: number;
  readonly maxPackBytes: number;
}

type Permissions = Record<string, 'read' | 'write'>;

/** A repository with the ways to reach it; every request carries a token for this repository alone. */
export interface RepositoryAccess {
  readonly connection: ConnectionEntity;
  readonly repository: RepositoryEntity;
  readonly uploadPack: UploadPack;
  readonly client: (permissions: Permissions) => GhesClient;
}

/** Reaches servers on a repository's behalf: one network per connection, one narrowed token per purpose. */
export class GhesConnections {
  private readonly networks = new Map<string, GhesNetwork>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly vault: Vault,
    private readonly settings: GhesSettings,
  ) {}

  /** @throws NotFoundError when the repository, and its connection with it, is gone */
  async repository(repositoryId: string): Promise<RepositoryAccess> {
    const repository = await this.dataSource.getRepository(RepositoryEntity).findOneBy({ id: repositoryId });
    if (!repository) throw new NotFoundError(`Repository ${repositoryId} is gone; so is what was to be done with it.`);
    const connection = await this.connection(repository.connectionId);
    const { owner, name, githubId, installationId } = repository;
    const tokens = (permissions: Permissions) =>
      installationTokens(this.vault, connection, { installationId, repositoryIds: [githubId], permissions });
    return {
      connection,
      repository,
      uploadPack: (body, command) =>
        gitUploadPack({
          origin: connection.origin,
          network: this.network(connection),
          owner,
          repo: name,
          body,
          command,
          ...tokens({ contents: 'read' }),
        }),
      client: (permissions) => this.client(connection, installationId, tokens(permissions)),
    };
  }

  /**
   * A repository as a person reaches it: with their own token where they have signed in at the server, so that its rules
   * for them hold and the work carries their name; with the app's, narrowed to `permissions`, where they have not.
   *
   * @throws NotFoundError when the repository is gone
   * @throws ForbiddenError where they signed in and the server takes that no more: it may have shut them out, and they
   *   were told that the work carries their name
   */
  async actingFor(repositoryId: string, actor: Actor, permissions: Permissions): Promise<ActingAccess> {
    const { connection, repository, client } = await this.repository(repositoryId);
    const user = await this.userToken(connection, actor.subject);
    if (!user) return { connection, repository, permissions, client: client(permissions), as: { kind: 'app' } };
    const asUser = createGhesClient({
      origin: connection.origin,
      network: this.network(connection),
      auth: { type: 'user', token: () => Promise.resolve(user.token) },
      quota: `user:${actor.subject}`,
    });
    return { connection, repository, permissions, client: asUser, as: { kind: 'user', login: user.login } };
  }

  /** A client for all that an installation reaches. */
  installation(connection: ConnectionEntity, installationId: number, permissions: Permissions): GhesClient {
    const tokens = installationTokens(this.vault, connection, { installationId, repositoryIds: [], permissions });
    return this.client(connection, installationId, tokens);
  }

  async connection(id: string): Promise<ConnectionEntity> {
    const connection = await this.dataSource.getRepository(ConnectionEntity).findOneBy({ id });
    if (!connection) throw new NotFoundError(`Connection ${id} is gone; so is what was to be done with it.`);
    return connection;
  }

  async close(): Promise<void> {
    await Promise.all([...this.networks.values()].map((network) => network.close()));
  }

  /** Limits are counted per installation, whatever its tokens are narrowed to. */
  private client(connection: ConnectionEntity, installationId: number, tokens: TokenSource): GhesClient {
    return createGhesClient({
      origin: connection.origin,
      network: this.network(connection),
      auth: { type: 'installation', ...tokens },
      quota: `installation:${installationId}`,
    });
  }

  private async userToken(
    { id: connectionId, organizationId, origin }: ConnectionEntity,
    subject: string,
  ): Promise<UserToken | null> {
    try {
      const minted = await this.vault.mintUserToken({ organizationId, subject, connectionId });
      if (minted.origin !== origin) throw new OriginMismatchError(connectionId);
      return minted;
    } catch (error) {
      if (!isCoded(error)) throw error;
      if (error.code === 'user-signed-out') return null;
      if (!['user-account-broken', 'user-account-unconfirmed'].includes(error.code)) throw error;
      const instead = 'Or forget your sign-in on the page of the provider: then the app acts for you.';
      throw new ForbiddenError(`Nothing was done. ${error.message} ${instead}`, { cause: error });
    }
  }

  private network(connection: ConnectionEntity): GhesNetwork {
    let network = this.networks.get(connection.id);
    if (!network) {
      network = ghesNetwork({
        allowedCidrs: this.settings.allowedCidrs,
        limits: {
          maxConcurrentRequests: this.settings.requestConcurrency,
          maxPackBytes: this.settings.maxPackBytes,
        },
      });
      this.networks.set(connection.id, network);
    }
    return network;
  }
}
