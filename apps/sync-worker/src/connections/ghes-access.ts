import { ConnectionEntity } from '@reunite/connections';
import { ForbiddenError, isCoded, NotFoundError } from '@reunite/contracts';
import type { Actor, NeededPermissions, UserToken } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import {
  createGhesClient,
  getRepository,
  GhesNotFoundError,
  gitUploadPack,
  locateLfsObjects,
  readLfsObject,
  streamUploadPack,
} from '@reunite/ghes-client';
import type { BoundRepository, GhesClient, GhesNetwork, RepositoryName } from '@reunite/ghes-client';
import { jobSignal } from '@reunite/queueing';
import { ProtocolV2Git, RepositoryEntity, updateRepository } from '@reunite/repositories';
import type { RemoteGit } from '@reunite/repositories';
import { In } from 'typeorm';
import type { DataSource } from 'typeorm';
import type { ActorAccess } from './actor-access.js';
import { ConnectionNetworks } from './connection-networks.js';
import type { NetworkSettings } from './connection-networks.js';
import { BlockedGit, GitOrRest } from './git-or-rest.js';
import { installationTokens } from './installation-tokens.js';
import type { TokenSource } from './installation-tokens.js';
import { OriginMismatchError } from './origin-mismatch.error.js';
import type { RefreshRequests } from './refresh-requests.js';
import { RepositoryGit } from './repository-git.js';
import type { LfsRequests } from './repository-git.js';
import { RestGit } from './rest-git.js';
import type { RestLimits } from './rest-git.js';
import type { Vault } from './vault.js';

/** A repository, and the ways to reach it. Every request carries a token for this repository alone. */
export interface RepositoryAccess {
  readonly connection: ConnectionEntity;
  readonly repository: RepositoryEntity;
  /** Only for texts: clients and `git` stay with the repository's id. */
  readonly name: RepositoryName;
  readonly git: RemoteGit;
  readonly lfs: LfsRequests;
  /**
   * Reads the repository by its id, and updates its row if it was renamed, transferred or changed otherwise.
   *
   * @throws GhesNotFoundError if it is out of the app's reach; a refresh of the connection is requested
   */
  readonly locate: () => Promise<RepositoryName>;
  /** Creates a client of the app for this repository, limited to the permissions. */
  readonly client: (permissions: NeededPermissions) => GhesClient;
}

export interface GhesAccessSettings extends NetworkSettings {
  readonly restLimits: RestLimits;
  /** Time after which Git over HTTP is tried again where it was blocked. */
  readonly gitRetrySeconds: number;
}

const ACCOUNT_CODES = ['user-account-broken', 'user-account-unconfirmed'];

/**
 * Access to servers: one network per connection, one token per repository and set of permissions. Every request ends
 * with the job that sends it: at its caller's deadline, when the job's lock is lost, when the worker stops.
 */
export class GhesAccess {
  private readonly networks: ConnectionNetworks;
  private readonly blockedGit: BlockedGit;

  constructor(
    private readonly dataSource: DataSource,
    private readonly vault: Vault,
    private readonly refreshes: Pick<RefreshRequests, 'request'>,
    private readonly settings: GhesAccessSettings,
  ) {
    this.networks = new ConnectionNetworks(vault, settings);
    this.blockedGit = new BlockedGit(settings.gitRetrySeconds);
  }

  /**
   * @param actor recorded in the vault's audit with every token; absent for the worker's own work
   * @throws NotFoundError if the repository was deleted with its connection
   */
  async repository(repositoryId: string, actor?: Actor): Promise<RepositoryAccess> {
    const repository = await this.dataSource.getRepository(RepositoryEntity).findOneBy({ id: repositoryId });
    if (!repository) throw new NotFoundError(`Repository ${repositoryId} no longer exists.`);
    const connection = await this.connection(repository.connectionId);
    const network = await this.networks.of(connection);
    const { owner, name: repo, githubId, installationId } = repository;
    const name = { owner, repo };
    const tokens = (permissions: NeededPermissions) =>
      installationTokens(this.vault, connection, {
        installationId,
        repositoryIds: [githubId],
        permissions,
        ...(actor && { subject: actor.subject }),
      });
    const bound = { id: githubId, ...name };
    const client = (permissions: NeededPermissions) =>
      this.client(connection, network, installationId, tokens(permissions), bound);
    const locate = () => this.locate(repository, connection, client({ contents: 'read' }));
    const request = { origin: connection.origin, network, signal: jobSignal(), ...tokens({ contents: 'read' }) };
    const uploadPack = new RepositoryGit({
      name,
      locate,
      listRefs: (current, body) => gitUploadPack({ ...request, ...current, body, command: 'ls-refs' }),
      fetch: (current, body, read) => streamUploadPack({ ...request, ...current, body, command: 'fetch' }, read),
    });
    const limits = this.settings.restLimits;
    const rest = new RestGit({ client: client({ contents: 'read' }), name, limits, locate });
    const git = new GitOrRest(new ProtocolV2Git(uploadPack), rest, this.blockedGit.of(repositoryId));
    const lfs: LfsRequests = {
      locate: (objects) => uploadPack.atCurrentName((current) => locateLfsObjects({ ...request, ...current }, objects)),
      read: (location, read) => readLfsObject(request, location, read),
    };
    return { connection, repository, name, locate, git, lfs, client };
  }

  /**
   * Access on an actor's behalf: with the actor's own token if they signed in on the server, so that the server's rules
   * for them apply and the change carries their name; otherwise with the app's token, limited to `permissions`.
   *
   * @throws NotFoundError if the repository was deleted
   * @throws ForbiddenError if the actor signed in and the server no longer accepts that. The app does not act instead:
   *   the server may have blocked the user, and the actor expects the change to carry their name
   */
  async actingFor(repositoryId: string, actor: Actor, permissions: NeededPermissions): Promise<ActorAccess> {
    const { connection, repository, name, client } = await this.repository(repositoryId, actor);
    const user = await this.userToken(connection, actor.subject);
    if (!user) {
      return { connection, repository, name, permissions, client: client(permissions), identity: { kind: 'app' } };
    }
    const asUser = createGhesClient({
      origin: connection.origin,
      network: await this.networks.of(connection),
      auth: { type: 'user', token: () => Promise.resolve(user.token) },
      quota: `user:${actor.subject}`,
      signal: jobSignal(),
      // A user's token reaches other repositories too: only the id keeps a write from one that took the name.
      repository: { id: repository.githubId, ...name },
    });
    const identity = { kind: 'user', login: user.login } as const;
    return { connection, repository, name, permissions, client: asUser, identity };
  }

  /**
   * Creates a client of an installation.
   *
   * @param scope the repositories that its tokens are limited to, and the one that it is bound to. Default: all, none
   */
  async installation(
    connection: ConnectionEntity,
    installationId: number,
    permissions: NeededPermissions,
    { repositoryIds, repository }: { repositoryIds: number[]; repository?: BoundRepository } = { repositoryIds: [] },
  ): Promise<GhesClient> {
    const tokens = installationTokens(this.vault, connection, { installationId, repositoryIds, permissions });
    return this.client(connection, await this.networks.of(connection), installationId, tokens, repository);
  }

  /** @throws NotFoundError if the connection was deleted */
  async connection(id: string): Promise<ConnectionEntity> {
    const connection = await this.dataSource.getRepository(ConnectionEntity).findOneBy({ id });
    if (!connection) throw new NotFoundError(`Connection ${id} no longer exists.`);
    return connection;
  }

  /** The connections that exist, by id. */
  async connections(ids: readonly string[]): Promise<ReadonlyMap<string, ConnectionEntity>> {
    const connections = await this.dataSource.getRepository(ConnectionEntity).findBy({ id: In([...ids]) });
    return new Map(connections.map((connection) => [connection.id, connection]));
  }

  /** The network of a connection, by its current profile. */
  network(connection: ConnectionEntity): Promise<GhesNetwork> {
    return this.networks.of(connection);
  }

  async close(): Promise<void> {
    await this.networks.close();
  }

  /** Servers count rate limits per installation, whatever its tokens are limited to. */
  private client(
    { origin }: ConnectionEntity,
    network: GhesNetwork,
    installationId: number,
    tokens: TokenSource,
    repository?: BoundRepository,
  ): GhesClient {
    return createGhesClient({
      origin,
      network,
      auth: { type: 'installation', ...tokens },
      quota: `installation:${installationId}`,
      signal: jobSignal(),
      repository,
    });
  }

  private async locate(
    repository: RepositoryEntity,
    connection: ConnectionEntity,
    client: GhesClient,
  ): Promise<RepositoryName> {
    const { owner, name: repo } = repository;
    try {
      const answer = await getRepository(client, { owner, repo });
      if (await updateRepository(this.dataSource.manager, repository, answer)) {
        const { id } = repository;
        const event = { type: 'repository', id, repositoryId: id, connectionId: connection.id } as const;
        await publishLiveEvent(this.dataSource.manager, connection.organizationId, event);
      }
      if (!repository.available) await this.refreshes.request(connection.id);
      return { owner: answer.owner.login, repo: answer.name };
    } catch (error) {
      if (error instanceof GhesNotFoundError) await this.refreshes.request(connection.id);
      throw error;
    }
  }

  /** Returns null if the actor has not signed in on the server. */
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
      if (!ACCOUNT_CODES.includes(error.code)) throw error;
      const remedy = 'Or remove your sign-in on the page of the provider: then the app acts for you.';
      throw new ForbiddenError(`Nothing was done. ${error.message} ${remedy}`, { cause: error });
    }
  }
}
