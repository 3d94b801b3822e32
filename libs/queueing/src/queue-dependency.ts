import pg from 'pg';
import { openRedis, redisServers } from './redis-servers.js';

const CONNECT_MS = 1_500;

/** Dependency of a service that cannot start without the queue. Each check opens a connection of its own. */
export function queueDependency(
  url: string,
  caFile?: string,
): { readonly name: string; readonly check: () => Promise<unknown> } {
  const check = /^rediss?:/.test(url) ? () => pingRedis(url, caFile) : () => queryPostgres(url);
  return { name: 'queue', check };
}

async function pingRedis(url: string, caFile: string | undefined): Promise<void> {
  const once = { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null, connectTimeout: CONNECT_MS };
  const redis = openRedis(redisServers(url, caFile), { ...once, sentinelRetryStrategy: () => null });
  // The error of `connect` is the same.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}

/** BullMQ's tables exist once the owner's migrations have been run. */
async function queryPostgres(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: CONNECT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1 FROM queue.migration LIMIT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}
