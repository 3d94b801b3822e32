import { jobs } from '@reunite/contracts';
import { grantQueueRights } from '@reunite/database';
import { createPostgresBackend, createRedisBackend, runMigrations, withBackend } from 'bullmq';
import type { ConnectionOptions, Processor, Queue, QueueEvents, QueueOptions, Worker, WorkerOptions } from 'bullmq';
import pg from 'pg';
import { openRedis, redisServers } from './redis-servers.js';
import type { RedisClient } from './redis-servers.js';
import { UnsupportedQueueUrlError } from './unsupported-queue-url.error.js';

const SCHEMA = 'queue';

/** The options that both back ends share; each back end sets the connection. */
type Common<Options> = Omit<Options, 'connection'>;

/** Creates BullMQ's objects on the back end that `QUEUE_URL` selects. */
export interface QueueBackend {
  readonly kind: 'postgres' | 'redis';
  queue(name: string, options: Common<QueueOptions>): Queue;
  worker(name: string, processor: Processor, options: Common<WorkerOptions>): Worker;
  events(name: string): QueueEvents;
  /** Closes connections that the objects share, after they are closed. */
  close(): Promise<void>;
}

/**
 * @param url `postgres://…` for BullMQ's PostgreSQL back end in schema `queue`, `redis://…` or `rediss://…` for Redis
 *   or Valkey (which must run with `maxmemory-policy noeviction`), see {@link redisServers}.
 * @param caFile PEM file of the authority of a `rediss://` server. Default: the public authorities.
 * @throws UnsupportedQueueUrlError
 */
export function queueBackend(url: string, caFile?: string): QueueBackend {
  const { protocol } = new URL(url);
  if (protocol === 'postgres:' || protocol === 'postgresql:') return postgresBackend(url);
  if (protocol === 'redis:' || protocol === 'rediss:') return redisBackend(url, caFile);
  throw new UnsupportedQueueUrlError(
    `QUEUE_URL starts with ${protocol}//; use postgres://… or redis://… (rediss:// for TLS).`,
  );
}

/** Every queue with at least one job, in the order of declaration. */
export const queueNames = [...new Set(Object.values(jobs).map(({ queue }) => queue))];

/**
 * Migrates BullMQ's tables and sets the services' rights on them; on Redis this does nothing. Safe to run at every
 * start, and concurrently.
 *
 * @param url as the role that owns schema `queue`
 */
export async function migrateQueueBackend(url: string): Promise<void> {
  if (queueBackend(url).kind === 'redis') return;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    await client.end();
  }
  await grantQueueRights(url, queueNames);
}

function postgresBackend(url: string): QueueBackend {
  const { Queue, Worker, QueueEvents } = withBackend(createPostgresBackend);
  // Every queue object has its own pool, plus one connection for LISTEN. Commits do not wait for the disk: the sweeper
  // enqueues what a crash of the database loses, and jobs are safe to run twice.
  const options = '-c synchronous_commit=off';
  const connection = (max: number) => ({ connectionString: url, schema: SCHEMA, max, options });
  return {
    kind: 'postgres',
    queue: (name, options) => new Queue(name, { ...options, connection: connection(2) }) as unknown as Queue,
    worker: (name, processor, options) =>
      new Worker(name, processor, { ...options, connection: connection(4) }) as unknown as Worker,
    events: (name) => new QueueEvents(name, { connection: connection(1) }) as unknown as QueueEvents,
    close: () => Promise.resolve(),
  };
}

interface Connection {
  readonly connection: ConnectionOptions;
  readonly prefix?: string;
}

/** Keys of one queue must be in one slot of a cluster: https://docs.bullmq.io/bull/patterns/redis-cluster */
const CLUSTER_PREFIX = '{bull}';

function redisBackend(url: string, caFile: string | undefined): QueueBackend {
  const { Queue, Worker, QueueEvents } = withBackend(createRedisBackend);
  const servers = redisServers(url, caFile);
  const clients = new Map<number | null, RedisClient>();
  // BullMQ opens clients of one server or of Sentinel, and closes them. It has to be given those of a cluster.
  const connection = (maxRetriesPerRequest: number | null): Connection => {
    // The types of BullMQ are those of ioredis without `undefined`.
    if (!servers.isCluster) return { connection: { ...servers.options, maxRetriesPerRequest } as ConnectionOptions };
    const client = clients.get(maxRetriesPerRequest) ?? openRedis(servers, { maxRetriesPerRequest });
    clients.set(maxRetriesPerRequest, client);
    return { connection: client, prefix: CLUSTER_PREFIX };
  };
  // A producer fails fast if Redis is unreachable, so that its caller can fall back; a worker keeps reconnecting.
  const [producer, consumer] = [1, null];
  return {
    kind: 'redis',
    queue: (name, options) => new Queue(name, { ...options, ...connection(producer) }),
    worker: (name, processor, options) => new Worker(name, processor, { ...options, ...connection(consumer) }),
    events: (name) => new QueueEvents(name, connection(consumer)),
    close: () => {
      for (const client of clients.values()) client.disconnect();
      clients.clear();
      return Promise.resolve();
    },
  };
}
