import { Injectable } from '@nestjs/common';
import { NotFoundError } from '@reunite/contracts';
import { DataSource } from 'typeorm';
import { ConnectionPendingError } from './connection-pending.error.js';
import { ConnectionEntity } from './connection.entity.js';

/** A connection whose app exists. */
export type ConnectedConnection = ConnectionEntity & { readonly appId: number };

@Injectable()
export class Connections {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * The connection, if it is the organization's: another's is not told from one that does not exist (P8).
   *
   * @param organizationId null for a caller that acts for no organization
   * @throws NotFoundError, ConnectionPendingError
   */
  async connected(organizationId: string | null, id: string): Promise<ConnectedConnection> {
    const found = await this.dataSource.getRepository(ConnectionEntity).findOneBy({ id });
    if (!found || (organizationId !== null && found.organizationId !== organizationId)) {
      throw new NotFoundError(`There is no connection ${id}.`);
    }
    if (!isConnected(found)) throw new ConnectionPendingError(`Connection ${id} has no app yet. Complete its setup.`);
    return found;
  }
}

export function isConnected(connection: ConnectionEntity): connection is ConnectedConnection {
  return connection.appId !== null;
}
