import type pg from 'pg';
import { Gauge } from 'prom-client';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';

let pool: pg.Pool | null = null;

const connections: Gauge = new Gauge({
  name: 'database_pool_connections',
  help: 'Open connections of the pool, by state: busy, idle',
  labelNames: ['state'],
  collect: () => {
    if (!pool) return;
    connections.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
    connections.set({ state: 'idle' }, pool.idleCount);
  },
});

const waiting: Gauge = new Gauge({
  name: 'database_pool_waiting_requests',
  help: 'Requests that wait for a connection of the pool, because all are busy',
  collect: () => waiting.set(pool?.waitingCount ?? 0),
});

/** Serves the connections of the pool of this process in its metrics. */
export function watchPool(source: pg.Pool | DataSource): void {
  pool = source instanceof DataSource ? ((source.driver as PostgresDriver).master as pg.Pool) : source;
}
