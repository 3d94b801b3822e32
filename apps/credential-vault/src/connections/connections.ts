import { Injectable } from '@nestjs/common';
import { CodedError, NotFoundError } from '@reunite/contracts';
import { LRUCache } from 'lru-cache';
import { DataSource, In, Not } from 'typeorm';
import { assertClaimable } from './claim-connection.js';
import { ConnectionLookup } from './connection-lookup.js';
import { ConnectionEntity } from './connection.entity.js';

/** The connection has no app yet, because its manifest flow is not complete. */
export class ConnectionPendingError extends CodedError {
  readonly code = 'connection-pending';
}

/** A connection whose app exists. */
export type ConnectedConnection = ConnectionEntity & { readonly appId: number };

const MAX_LAST_READ = 10_000;

@Injectable()
export class Connections {
  private readonly lookup: ConnectionLookup;
  private readonly lastReadById = new LRUCache<string, ConnectedConnection>({ max: MAX_LAST_READ });

  constructor(private readonly dataSource: DataSource) {
    this.lookup = new ConnectionLookup(dataSource);
  }

  /**
   * Returns a connection of the organization. A connection of another organization is reported as missing (P8).
   *
   * @param organizationId null for a caller that acts for no organization
   * @throws NotFoundError, ConnectionPendingError
   */
  async connected(organizationId: string | null, id: string): Promise<ConnectedConnection> {
    const connection = await this.lookup.find(id);
    if (!connection || (organizationId !== null && connection.organizationId !== organizationId)) {
      throw new NotFoundError(`There is no connection ${id}.`);
    }
    if (!isConnected(connection)) {
      throw new ConnectionPendingError(`Connection ${id} has no app yet. Complete its setup.`);
    }
    this.lastReadById.set(id, connection);
    return connection;
  }

  /** The connection as of its last read. The caller must verify in another way that it is still the same. */
  lastRead(organizationId: string, id: string): ConnectedConnection | undefined {
    const connection = this.lastReadById.get(id);
    return connection?.organizationId === organizationId ? connection : undefined;
  }

  /** @returns those of the ids that exist */
  async existing(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.dataSource
      .getRepository(ConnectionEntity)
      .find({ select: { id: true }, where: { id: In(ids) } });
    return new Set(rows.map(({ id }) => id));
  }

  /** True if the organization has a connection to another server. */
  hasOtherServers({ organizationId, origin }: ConnectionEntity): Promise<boolean> {
    return this.dataSource.getRepository(ConnectionEntity).existsBy({ organizationId, origin: Not(origin) });
  }

  /** @throws NotFoundError, ConflictError if the id belongs to a connection that cannot become this one */
  async claimable(organizationId: string, id: string, origin: string): Promise<void> {
    const existing = await this.lookup.find(id);
    if (existing) assertClaimable(existing, { id, organizationId, origin });
  }
}

export function isConnected(connection: ConnectionEntity): connection is ConnectedConnection {
  return connection.appId !== null;
}
