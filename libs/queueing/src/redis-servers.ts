import { readFileSync } from 'node:fs';
import { Cluster, Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';
import { UnsupportedQueueUrlError } from './unsupported-queue-url.error.js';

/** Addresses of Redis and options of its clients. */
export interface RedisServers {
  readonly isCluster: boolean;
  /** For a cluster: some of its nodes, of which each knows the others. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  /** Options of a client; for Sentinel they contain its addresses. */
  readonly options: RedisOptions;
}

export type RedisClient = Redis | Cluster;

const OPTIONS = ['cluster', 'nodes', 'sentinel', 'sentinel-user', 'sentinel-password'];
const [SERVER_PORT, SENTINEL_PORT] = [6379, 26_379];

/**
 * Parses the address of Redis or Valkey:
 *
 * - one server: `redis://user:password@host:6379/0`
 * - Sentinel: `redis://user:password@sentinel-1:26379/0?sentinel=mymaster&nodes=sentinel-2:26379,sentinel-3:26379`. The
 *   user is that of Redis; Sentinel's own is in `sentinel-user` and `sentinel-password`.
 * - a cluster: `redis://user:password@node-1:6379?cluster=true&nodes=node-2:6379`
 *
 * `rediss:` uses TLS for all connections.
 *
 * @param caFile PEM file of the authority of a `rediss://` server. Default: the public authorities.
 * @throws UnsupportedQueueUrlError
 */
export function redisServers(url: string, caFile?: string): RedisServers {
  const { host, protocol, username, password, pathname, searchParams } = new URL(url);
  const unknown = [...searchParams.keys()].find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw invalid(`The option "${unknown}" is unknown; options: ${OPTIONS.join(', ')}.`);
  const isCluster = flagOf(searchParams.get('cluster'));
  const sentinel = searchParams.get('sentinel');
  if (isCluster && sentinel !== null) throw invalid('The options "cluster" and "sentinel" exclude each other.');
  const others = (searchParams.get('nodes') ?? '').split(',').filter((node) => node !== '');
  if (others.length > 0 && !isCluster && sentinel === null)
    throw invalid('The option "nodes" needs "cluster" or "sentinel".');
  const nodes = [host, ...others].map((node) => addressOf(node, sentinel === null ? SERVER_PORT : SENTINEL_PORT));
  const database = Number(pathname.slice(1));
  if (!Number.isInteger(database) || (isCluster && database !== 0))
    throw invalid('The path must be the number of a database, which is 0 in a cluster.');
  const tls = protocol === 'rediss:' ? { tls: caFile === undefined ? {} : { ca: readFileSync(caFile) } } : {};
  const user = {
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
  };
  const place = sentinel === null ? nodes[0] : sentinelOptions(sentinel, nodes, searchParams, tls);
  return { isCluster, nodes, options: { ...(isCluster ? {} : place), ...user, ...tls, db: database } };
}

/** Opens a client. Its owner disconnects it. */
export function openRedis({ isCluster, nodes, options }: RedisServers, more: RedisOptions = {}): RedisClient {
  if (!isCluster) return new Redis({ ...options, ...more });
  const { lazyConnect, enableOfflineQueue, retryStrategy } = more;
  return new Cluster([...nodes], {
    redisOptions: { ...options, ...more },
    ...(lazyConnect !== undefined && { lazyConnect }),
    ...(enableOfflineQueue !== undefined && { enableOfflineQueue }),
    ...(retryStrategy && { clusterRetryStrategy: () => retryStrategy(1) }),
    // Certificates are issued for host names: https://github.com/redis/ioredis#special-note-aws-elasticache-clusters-with-tls
    ...(options.tls && { dnsLookup: (address, done) => done(null, address) }),
  });
}

function sentinelOptions(
  name: string,
  sentinels: RedisServers['nodes'],
  parameters: URLSearchParams,
  { tls }: Pick<RedisOptions, 'tls'>,
): RedisOptions {
  const [username, password] = [parameters.get('sentinel-user'), parameters.get('sentinel-password')];
  return {
    name,
    sentinels: [...sentinels],
    ...(username !== null && { sentinelUsername: username }),
    ...(password !== null && { sentinelPassword: password }),
    ...(tls && { enableTLSForSentinelMode: true, sentinelTLS: tls }),
  };
}

function addressOf(node: string, defaultPort: number): { readonly host: string; readonly port: number } {
  const { hostname, port } = URL.canParse(`redis://${node}`) ? new URL(`redis://${node}`) : { hostname: '', port: '' };
  if (hostname === '') throw invalid(`The address "${node}" must be host:port.`);
  return { host: hostname.replaceAll(/[[\]]/g, ''), port: port === '' ? defaultPort : Number(port) };
}

function flagOf(value: string | null): boolean {
  if (value === null || value === 'false') return false;
  if (value === 'true') return true;
  throw invalid('The option "cluster" must be true or false.');
}

function invalid(problem: string): UnsupportedQueueUrlError {
  return new UnsupportedQueueUrlError(`QUEUE_URL: ${problem}`);
}
