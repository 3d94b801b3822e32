import { Inject, Injectable } from '@nestjs/common';
import { ConnectionEntity, identityMismatch, webhookUrls } from '@reunite/connections';
import { ConflictError, InvalidInputError, jobs } from '@reunite/contracts';
import type { Connection, TakeOver } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { takeOverRepositories } from '@reunite/repositories';
import { DataSource, In } from 'typeorm';
import type { Caller } from '../../auth/caller.js';
import { LOGGER } from '../../logger.js';
import type { Logger } from '../../logger.js';
import { SETTINGS } from '../../settings.js';
import type { ApiSettings } from '../../settings.js';
import { VAULT } from '../../vault.js';
import type { Vault } from '../../vault.js';
import { ConnectionRows } from './connection-rows.service.js';
import { ConnectionsService } from './connections.service.js';
import { forgetCredentials } from './forget-credentials.js';
import { JobRequests } from '../jobs/job-requests.service.js';
import { TenantLookup } from '../tenants/tenant-lookup.service.js';

/**
 * Moves projects to a server's new host name. Credentials are bound to an origin, so the owner adds the app again under the
 * new one, and takes the projects over from the former connection. The ids that have to agree are no proof against a hostile
 * server: the owner vouches for it.
 */
@Injectable()
export class TakeOverService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly lookup: TenantLookup,
    private readonly rows: ConnectionRows,
    private readonly connections: ConnectionsService,
    private readonly requests: JobRequests,
    @Inject(VAULT) private readonly vault: Vault,
    @Inject(SETTINGS) private readonly settings: ApiSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @throws InvalidInputError at `from` if the connections are not proven to lead to one server
   * @throws ConflictError that names repositories which the new connection does not reach; nothing is moved
   */
  async takeOver(caller: Caller, id: string, { from }: TakeOver): Promise<Connection> {
    const { organizationId, subject } = caller;
    const target = await this.lookup.connection(organizationId, id);
    const source = await this.lookup.connection(organizationId, from);
    const moved = await this.move(organizationId, source.id, target.id);
    // Nothing uses the former connection from here on. A step that fails below can be repeated.
    await forgetCredentials(this.vault, caller, source.id);
    await this.rows.remove(organizationId, source.id);
    const [url] = webhookUrls(this.settings.webhookPublicUrl, id);
    await this.vault.repairWebhook({ organizationId, subject, connectionId: id, url }).catch((error: unknown) => {
      this.logger.warn({ err: error, connectionId: id }, 'webhook not set; the self-test reports it');
    });
    await this.requests.follow(jobs.refreshConnection, { connectionId: id });
    await this.requests.follow(jobs.testConnection, { connectionId: id });
    const repositories = moved.map((repositoryId) => ({ repositoryId }));
    await this.requests.followAll(jobs.reconcileRepository, repositories);
    return this.connections.get(caller, id);
  }

  private move(organizationId: string, from: string, to: string): Promise<readonly string[]> {
    return this.dataSource.transaction(async (db) => {
      // In the order of ids, so that two moves do not deadlock.
      const locked = await db.find(ConnectionEntity, {
        where: { organizationId, id: In([from, to]) },
        order: { id: 'ASC' },
        lock: { mode: 'pessimistic_write' },
      });
      const source = locked.find((connection) => connection.id === from);
      const target = locked.find((connection) => connection.id === to);
      const mismatch = source && target ? identityMismatch(source, target) : 'The provider was deleted.';
      if (mismatch !== null) throw new InvalidInputError(mismatch, [{ path: 'from', message: mismatch }]);
      const { moved, missing } = await takeOverRepositories(db, from, to);
      if (missing.length > 0) {
        throw new ConflictError(
          `Nothing was moved: the app reaches no repository with the id of ${missing.join(', ')} under the new host name. Include them in the installation, refresh this provider, and try again.`,
        );
      }
      for (const id of [from, to]) {
        await publishLiveEvent(db, organizationId, { type: 'connection', id, connectionId: id });
      }
      return moved;
    });
  }
}
