import { Inject, Injectable } from '@nestjs/common';
import { NotFoundError } from '@reunite/contracts';
import type { DeleteConnectionRequest } from '@reunite/contracts';
import { DataSource } from 'typeorm';
import type { CallRecord } from '../audit/call-record.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { InstallationTokenService } from '../tokens/installation-token.service.js';
import { UserRevocation } from '../users/user-revocation.js';
import type { Revoke } from '../users/user-revocation.js';
import { ConnectionEntity } from '../connections/connection.entity.js';
import { isConnected } from '../connections/connections.js';
import type { ConnectedConnection } from '../connections/connections.js';
import { lockConnection } from '../connections/lock-connection.js';
import { withinRevocationTime } from '../connections/revocation-time.js';

@Injectable()
export class ConnectionDeletionService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tokens: InstallationTokenService,
    private readonly users: UserRevocation,
    private readonly ghes: GhesClients,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Destroys the data keys first: whether the server can be reached does not matter to that. Revoked at the server after:
   * what the app may do for people, and the installation tokens that this replica has given out. The others look for deleted
   * connections and revoke theirs.
   */
  async delete({ organizationId, connectionId }: DeleteConnectionRequest, record: CallRecord): Promise<void> {
    const { connection, revokeUsers } = await this.dataSource.transaction(async (manager) => {
      const found = await manager.findOneBy(ConnectionEntity, { id: connectionId, organizationId });
      if (!found) throw new NotFoundError(`There is no connection ${connectionId}.`);
      // The order in which everybody locks: the connection, its people. A renewal ends before, and is revoked with the rest.
      await lockConnection(manager, connectionId);
      const revoke = isConnected(found) ? await this.users.ofAuthorizations(manager, found) : null;
      await manager.delete(ConnectionEntity, { id: connectionId });
      await record.commitWith(manager);
      return { connection: found, revokeUsers: revoke };
    });
    if (!isConnected(connection)) return this.ghes.forget(connectionId);
    await withinRevocationTime(this.revoke(connection, revokeUsers));
  }

  private async revoke(connection: ConnectedConnection, revokeUsers: Revoke | null): Promise<void> {
    const [{ revoked, failed }] = await Promise.all([this.tokens.revokeAll(connection), revokeUsers?.()]);
    this.logger.info({ connectionId: connection.id, revoked, notRevoked: failed }, 'connection deleted');
    await this.ghes.forget(connection.id);
  }
}
