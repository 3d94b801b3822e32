import { reachesRepositories } from '@reunite/connections';
import type { ConnectionEntity } from '@reunite/connections';
import { isCoded } from '@reunite/contracts';
import type { VaultInstallation } from '@reunite/contracts';
import { getRepository, GhesNotFoundError, listReposAccessibleToInstallation } from '@reunite/ghes-client';
import type { Repository } from '@reunite/ghes-client';
import { connectedRepositories, RepositoryEntity } from '@reunite/repositories';
import type { UnavailableCause } from '@reunite/repositories';
import type { DataSource } from 'typeorm';
import type { GhesAccess } from './ghes-access.js';

interface Reachable {
  readonly byInstallation: Map<number, Repository[]>;
  readonly causes: Map<number, UnavailableCause>;
}

/** Codes of the vault for a token that the server does not issue: the installation does not reach the repository. */
const OUT_OF_REACH = new Set(['ghes-not-found', 'ghes-validation', 'ghes-suspended', 'ghes-forbidden']);

/** Reads the repositories that a connection's installations reach, and why they do not reach those of projects. */
export class ReachableRepositoriesReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly ghes: GhesAccess,
  ) {}

  async read(connection: ConnectionEntity, all: readonly VaultInstallation[]): Promise<Reachable> {
    const reachable: Reachable = { byInstallation: new Map(), causes: new Map() };
    const installations = all.filter(reachesRepositories);
    const active = installations.filter(({ suspended }) => !suspended);
    for (const { id } of active) {
      const repositories: Repository[] = [];
      const client = await this.ghes.installation(connection, id, { metadata: 'read' });
      for await (const repository of listReposAccessibleToInstallation(client)) repositories.push(repository);
      reachable.byInstallation.set(id, repositories);
    }
    const listed = new Set([...reachable.byInstallation.values()].flat().map(({ id }) => id));
    for (const repository of await connectedRepositories(this.dataSource.manager, connection.id)) {
      if (!listed.has(repository.githubId)) await this.explain(connection, repository, installations, reachable);
    }
    return reachable;
  }

  /** A listing that shifts while it is read skips repositories, so each one of a project is asked for by its id. */
  private async explain(
    connection: ConnectionEntity,
    repository: RepositoryEntity,
    installations: readonly VaultInstallation[],
    { byInstallation, causes }: Reachable,
  ): Promise<void> {
    const { githubId, owner, unavailableCause } = repository;
    const isOf = (login: string) => (one: VaultInstallation) => one.owner.toLowerCase() === login.toLowerCase();
    for (const { id } of installations.filter(({ suspended }) => !suspended)) {
      const answer = await this.findAs(connection, id, repository, [githubId]);
      if (answer) {
        byInstallation.get(id)?.push(answer);
        return;
      }
    }
    const visible = await this.findVisible(connection, repository, installations);
    const current = visible?.owner.login ?? owner;
    const installation = installations.find(isOf(current));
    if (visible) await this.rename(repository, visible);
    if (installation?.suspended) causes.set(githubId, 'suspended');
    else if (visible && (current !== owner || unavailableCause === 'moved-away')) causes.set(githubId, 'moved-away');
    else if (!installation) causes.set(githubId, 'not-installed');
    else causes.set(githubId, visible ? 'not-included' : 'not-found');
  }

  /** A public repository is visible to every token of the app, also where no installation includes it. */
  private async findVisible(
    connection: ConnectionEntity,
    repository: RepositoryEntity,
    installations: readonly VaultInstallation[],
  ): Promise<Repository | null> {
    for (const { id, suspended } of installations) {
      if (suspended) continue;
      return this.findAs(connection, id, repository, []);
    }
    return null;
  }

  private async findAs(
    connection: ConnectionEntity,
    installationId: number,
    { githubId: id, owner, name: repo }: RepositoryEntity,
    repositoryIds: number[],
  ): Promise<Repository | null> {
    try {
      const bound = { repositoryIds, repository: { id, owner, repo } };
      const client = await this.ghes.installation(connection, installationId, { metadata: 'read' }, bound);
      return await getRepository(client, { owner, repo });
    } catch (error) {
      if (error instanceof GhesNotFoundError || (isCoded(error) && OUT_OF_REACH.has(error.code))) return null;
      throw error;
    }
  }

  /** So that its projects show where it went. */
  private async rename({ id, owner, name }: RepositoryEntity, answer: Repository): Promise<void> {
    if (owner === answer.owner.login && name === answer.name) return;
    const current = { owner: answer.owner.login, name: answer.name };
    const change = { ...current, formerName: `${owner}/${name}`, renamedAt: new Date() };
    await this.dataSource.getRepository(RepositoryEntity).update({ id }, change);
  }
}
