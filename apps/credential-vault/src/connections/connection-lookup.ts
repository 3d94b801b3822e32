import type { DataSource } from 'typeorm';
import { PreparedStatement } from '../prepared-statement.js';
import { ConnectionEntity } from './connection.entity.js';

interface Waiting {
  readonly id: string;
  readonly resolve: (connection: ConnectionEntity | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads connections by id, for many callers with one query: whoever comes while a query is on its way goes with the
 * next. Nothing is cached, on purpose: each caller sees the row as it is after it asked, so that a deletion, a rotation
 * and forgotten tokens count at once and in every replica. Being told of changes (LISTEN) would save the query, but
 * then a replica that was told late, or not at all, would hand out what it must not.
 */
export class ConnectionLookup {
  private readonly rows: PreparedStatement<ConnectionEntity>;
  private waiting: Waiting[] = [];
  private running = false;

  constructor(dataSource: DataSource) {
    const { columns, tableName } = dataSource.getMetadata(ConnectionEntity);
    const list = columns.map(({ databaseName, propertyName }) => `${databaseName} AS "${propertyName}"`).join(', ');
    const text = `SELECT ${list} FROM ${tableName} WHERE id = ANY($1)`;
    this.rows = new PreparedStatement(dataSource, 'connections-by-id', text);
  }

  find(id: string): Promise<ConnectionEntity | null> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ id, resolve, reject });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      const callers = this.waiting;
      this.waiting = [];
      try {
        const found = await this.rows.run([[...new Set(callers.map(({ id }) => id))]]);
        const byId = new Map(found.map((connection) => [connection.id, connection]));
        for (const { id, resolve } of callers) resolve(byId.get(id) ?? null);
      } catch (error) {
        for (const { reject } of callers) reject(error);
      }
    }
    this.running = false;
  }
}
