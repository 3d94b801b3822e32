import { In } from 'typeorm';
import type { Repository } from 'typeorm';
import type { ConnectionEntity } from './connection.entity.js';

interface Waiting {
  readonly id: string;
  readonly resolve: (connection: ConnectionEntity | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads connections by id, for many callers with one query: whoever comes while a query is on its way goes with the
 * next. Nothing is cached: each caller sees the row as it is after it asked, so that a deletion counts at once.
 */
export class ConnectionLookup {
  #waiting: Waiting[] = [];
  #running = false;

  constructor(private readonly rows: Repository<ConnectionEntity>) {}

  find(id: string): Promise<ConnectionEntity | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const callers = this.#waiting;
      this.#waiting = [];
      try {
        const found = await this.rows.findBy({ id: In([...new Set(callers.map(({ id }) => id))]) });
        const byId = new Map(found.map((connection) => [connection.id, connection]));
        for (const { id, resolve } of callers) resolve(byId.get(id) ?? null);
      } catch (error) {
        for (const { reject } of callers) reject(error);
      }
    }
    this.#running = false;
  }
}
