import { Inject, Injectable } from '@nestjs/common';
import { ConnectionEntity, InstallationEntity } from '@reunite/connections';
import { InvalidInputError, jobs } from '@reunite/contracts';
import type { Connection, Page, PageQuery, UpdateConnection } from '@reunite/contracts';
import { DataSource, In } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { SETTINGS } from '../../settings.js';
import type { ApiSettings } from '../../settings.js';
import { VAULT } from '../../vault.js';
import type { Vault } from '../../vault.js';
import { ConnectionRows } from './connection-rows.service.js';
import { connectionView } from './connection.view.js';
import { ConnectionStatuses } from './connection-statuses.service.js';
import { forgetCredentials } from './forget-credentials.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { mapPage, newestFirst } from '../paging.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/** Time limit of the readiness check before a deletion, in ms. */
const VAULT_READY_MS = 1_500;

@Injectable()
export class ConnectionsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    private readonly rows: ConnectionRows,
    private readonly requests: JobRequests,
    private readonly statuses: ConnectionStatuses,
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
  ) {}

  async list({ organizationId }: Caller, page: PageQuery): Promise<Page<Connection>> {
    const query = this.dataSource
      .createQueryBuilder(ConnectionEntity, 'connection')
      .where('connection.organizationId = :organizationId', { organizationId });
    const connections = await newestFirst(query, page);
    const installations = await this.installationsOf(connections.items);
    return mapPage(connections, (connection) => this.view(connection, installations));
  }

  async get({ organizationId }: Caller, id: string): Promise<Connection> {
    const connection = await this.lookup.connection(organizationId, id);
    const installations = await this.installationsOf([connection]);
    return this.view(connection, installations);
  }

  /** Renames a connection. Nothing on the server depends on the name. */
  async update(caller: Caller, id: string, { name }: UpdateConnection): Promise<Connection> {
    const { organizationId } = caller;
    await this.lookup.connection(organizationId, id);
    await this.rows.rename(organizationId, id, name);
    return this.get(caller, id);
  }

  /** Enqueues a refresh of the app, its installations and repositories. */
  async refresh({ organizationId }: Caller, id: string): Promise<void> {
    const connection = await this.lookup.connection(organizationId, id);
    await this.requests.add(jobs.refreshConnection, { connectionId: connection.id });
  }

  /**
   * Deletes a connection with its projects. Finalizes the pending statuses, then deletes the credentials first: if a later
   * step fails, the rest has no access to the server, and a second deletion completes it. Without the vault, the connection
   * and its pending statuses stay as they are.
   */
  async delete(caller: Caller, id: string, typedName: string): Promise<void> {
    const { organizationId } = caller;
    const connection = await this.lookup.connection(organizationId, id);
    if (typedName !== connection.name) {
      const message = `Type the provider's name, ${connection.name}, to delete it.`;
      throw new InvalidInputError(message, [{ path: 'name', message }]);
    }
    await this.vault.ready(VAULT_READY_MS);
    await this.statuses.finalizePendingStatuses(id);
    await forgetCredentials(this.vault, caller, id);
    await this.rows.remove(organizationId, id);
  }

  private view(connection: ConnectionEntity, installations: ReadonlyMap<string, InstallationEntity[]>): Connection {
    return connectionView(connection, installations.get(connection.id) ?? [], this.settings.publicUrl);
  }

  private async installationsOf(connections: readonly { id: string }[]): Promise<Map<string, InstallationEntity[]>> {
    const installations = await this.dataSource.manager.find(InstallationEntity, {
      where: { connectionId: In(connections.map(({ id }) => id)) },
      order: { owner: 'ASC', id: 'ASC' },
    });
    const byConnection = new Map<string, InstallationEntity[]>(connections.map(({ id }) => [id, []]));
    for (const installation of installations) byConnection.get(installation.connectionId)?.push(installation);
    return byConnection;
  }
}
