import DataLoader from 'dataloader';
import type { DataSource } from 'typeorm';
import { PreparedStatement } from '../prepared-statement.js';
import { ConnectionEntity } from './connection.entity.js';

const MAX_BATCH = 500;

/**
 * Reads connections by id, with one query for concurrent callers. Nothing is cached: every caller gets the row as it is
 * after the call, so deletions, rotations and forgotten tokens take effect at once in every replica. Notifications
 * (`LISTEN`) would save the query, but a replica that misses one would hand out tokens that it must not.
 */
export class ConnectionLookup {
  private readonly loader: DataLoader<string, ConnectionEntity | null>;

  constructor(dataSource: DataSource) {
    const { columns, tableName } = dataSource.getMetadata(ConnectionEntity);
    const list = columns.map(({ databaseName, propertyName }) => `${databaseName} AS "${propertyName}"`).join(', ');
    const text = `SELECT ${list} FROM ${tableName} WHERE id = ANY($1)`;
    const statement = new PreparedStatement<ConnectionEntity>(dataSource, 'connections-by-id', text);
    this.loader = new DataLoader(
      async (ids) => {
        const rows = await statement.run([[...new Set(ids)]]);
        const byId = new Map(rows.map((connection) => [connection.id, connection]));
        return ids.map((id) => byId.get(id) ?? null);
      },
      // Requests of one turn of the event loop share a query; gRPC delivers each in a callback of its own.
      { cache: false, maxBatchSize: MAX_BATCH, batchScheduleFn: (dispatch) => setImmediate(dispatch) },
    );
  }

  find(id: string): Promise<ConnectionEntity | null> {
    return this.loader.load(id);
  }
}
