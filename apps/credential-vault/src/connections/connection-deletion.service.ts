import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { NotFoundError } from '@reunite/contracts';
import type { ConnectionRequest } from '@reunite/contracts';
import { DataSource } from 'typeorm';
import type { CallRecord } from '../audit/call-record.js';
import { GhesClients } from '../ghes/ghes-clients.js';
import { LOGGER } from '../logger.js';
import type { Logger } from '../logger.js';
import { InstallationTokenService } from '../tokens/installation-token.service.js';
import { ConnectionEntity } from './connection.entity.js';
import { isConnected } from './connections.js';
import type { ConnectedConnection } from './connections.js';

/** How long a deletion waits for the server; the revocation goes on after. */
const REVOCATION_MS = 5_000;

@Injectable()
export class ConnectionDeletionService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tokens: InstallationTokenService,
    private readonly ghes: GhesClients,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Destroys the data keys first: whether the server can be reached does not matter to that. Its tokens, known to nobody
   * but those that have them, are revoked after.
   */
  async delete({ organizationId, connectionId }: ConnectionRequest, record: CallRecord): Promise<void> {
    const connection = await this.dataSource.transaction(async (manager) => {
      const found = await manager.findOneBy(ConnectionEntity, { id: connectionId, organizationId });
      if (!found) throw new NotFoundError(`There is no connection ${connectionId}.`);
      await manager.delete(ConnectionEntity, { id: connectionId });
      await record.commitWith(manager);
      return found;
    });
    if (!isConnected(connection)) return this.ghes.forget(connectionId);
    await Promise.race([this.#revokeTokens(connection), wait(REVOCATION_MS, undefined, { ref: false })]);
  }

  async #revokeTokens(connection: ConnectedConnection): Promise<void> {
    const { revoked, failed } = await this.tokens.revokeAll(connection);
    this.logger.info({ connectionId: connection.id, revoked, notRevoked: failed }, 'connection deleted');
    await this.ghes.forget(connection.id);
  }
}
