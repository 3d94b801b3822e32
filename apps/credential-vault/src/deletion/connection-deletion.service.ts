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
import { withinRevocationTime } from '../ghes/revocation-timeout.js';

/** Deletes connections with their credentials. */
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
   * Destroys the data keys first, which needs no server. Then revokes users' authorizations and the installation tokens
   * that this replica minted; the sweep of the other replicas revokes theirs.
   */
  async delete({ organizationId, connectionId }: DeleteConnectionRequest, record: CallRecord): Promise<void> {
    const { connection, revokeUsers } = await this.dataSource.transaction(async (manager) => {
      const existing = await manager.findOneBy(ConnectionEntity, { id: connectionId, organizationId });
      if (!existing) throw new NotFoundError(`There is no connection ${connectionId}.`);
      // Lock order everywhere: the connection, then its users. A running renewal completes first and is revoked too.
      await lockConnection(manager, connectionId);
      if (isConnected(existing)) await this.ghes.prepareDeletion(existing);
      const revoke = isConnected(existing) ? await this.users.ofAuthorizations(manager, existing) : null;
      await manager.delete(ConnectionEntity, { id: connectionId });
      await record.commitWith(manager);
      return { connection: existing, revokeUsers: revoke };
    });
    if (!isConnected(connection)) {
      this.ghes.forget(connectionId);
      return;
    }
    await withinRevocationTime(this.revoke(connection, revokeUsers));
  }

  private async revoke(connection: ConnectedConnection, revokeUsers: Revoke | null): Promise<void> {
    const [{ revoked, failed }] = await Promise.all([this.tokens.revokeAll(connection), revokeUsers?.()]);
    this.logger.info({ connectionId: connection.id, revoked, notRevoked: failed }, 'connection deleted');
    this.ghes.forget(connection.id);
  }
}
