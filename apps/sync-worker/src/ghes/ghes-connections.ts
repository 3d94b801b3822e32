import { ConnectionEntity } from '@reunite/connections';
import { NotFoundError } from '@reunite/contracts';
import { createGhesClient, ghesNetwork, gitUploadPack } from '@reunite/ghes-client';
import type { GhesClient, GhesNetwork } from '@reunite/ghes-client';
import { RepositoryEntity } from '@reunite/repositories';
import type { UploadPack } from '@reunite/repositories';
import type { DataSource } from 'typeorm';
import type { Vault } from '../vault.js';
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
    const token = (permissions: Permissions) => () => this.token(connection, installationId, [githubId], permissions);
    return {
      connection,
      repository,
      uploadPack: (body) =>
        gitUploadPack({
          origin: connection.origin,
          network: this.network(connection),
          owner,
          repo: name,
          body,
          token: token({ contents: 'read' }),
        }),
      client: (permissions) => this.client(connection, installationId, token(permissions)),
    };
  }

  /** A client for all that an installation reaches. */
  installation(connection: ConnectionEntity, installationId: number, permissions: Permissions): GhesClient {
    return this.client(connection, installationId, () => this.token(connection, installationId, [], permissions));
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
  private client(connection: ConnectionEntity, installationId: number, token: () => Promise<string>): GhesClient {
    return createGhesClient({
      origin: connection.origin,
      network: this.network(connection),
      auth: { type: 'installation', token },
      quota: `installation:${installationId}`,
    });
  }

  private async token(
    connection: ConnectionEntity,
    installationId: number,
    repositoryIds: number[],
    permissions: Permissions,
  ): Promise<string> {
    const { organizationId, id: connectionId } = connection;
    const minted = await this.vault.mintInstallationToken({
      organizationId,
      connectionId,
      installationId,
      repositoryIds,
      permissions,
    });
    // The vault bound it to an origin of its own record; ours must be the same before anything is sent (P6).
    if (minted.origin !== connection.origin) throw new OriginMismatchError(connectionId);
    return minted.token;
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
