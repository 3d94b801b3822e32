import { Injectable } from '@nestjs/common';
import { NotFoundError } from '@reunite/contracts';
import { DataSource, In, Not } from 'typeorm';
import { assertClaimable } from './claim-connection.js';
import { ConnectionLookup } from './connection-lookup.js';
import { ConnectionPendingError } from './connection-pending.error.js';
import { ConnectionEntity } from './connection.entity.js';

/** A connection whose app exists. */
export type ConnectedConnection = ConnectionEntity & { readonly appId: number };

/** Connections that are remembered as they were last read. */
const REMEMBERED = 10_000;

@Injectable()
export class Connections {
  private readonly lookup: ConnectionLookup;
  private readonly seen = new Map<string, ConnectedConnection>();

  constructor(private readonly dataSource: DataSource) {
    this.lookup = new ConnectionLookup(dataSource);
  }

  /**
   * The connection, if it is the organization's: another's is not told from one that does not exist (P8).
   *
   * @param organizationId null for a caller that acts for no organization
   * @throws NotFoundError, ConnectionPendingError
   */
  async connected(organizationId: string | null, id: string): Promise<ConnectedConnection> {
    const found = await this.lookup.find(id);
    if (!found || (organizationId !== null && found.organizationId !== organizationId)) {
      throw new NotFoundError(`There is no connection ${id}.`);
    }
    if (!isConnected(found)) throw new ConnectionPendingError(`Connection ${id} has no app yet. Complete its setup.`);
    this.remember(found);
    return found;
  }

  /** The connection as it was when it was last read, for whoever finds out in another way whether it still is. */
  lastSeen(organizationId: string, id: string): ConnectedConnection | undefined {
    const seen = this.seen.get(id);
    return seen?.organizationId === organizationId ? seen : undefined;
  }

  /** Those of the ids that there are connections of. */
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

  /** @throws NotFoundError, ConflictError if the id is taken by what cannot become this connection */
  async claimable(organizationId: string, id: string, origin: string): Promise<void> {
    const held = await this.lookup.find(id);
    if (held) assertClaimable(held, { id, organizationId, origin });
  }

  private remember(connection: ConnectedConnection): void {
    this.seen.delete(connection.id);
    this.seen.set(connection.id, connection);
    const [oldest] = this.seen.keys();
    if (this.seen.size > REMEMBERED && oldest !== undefined) this.seen.delete(oldest);
  }
}

export function isConnected(connection: ConnectionEntity): connection is ConnectedConnection {
  return connection.appId !== null;
}
