import { ConnectionEntity, ConnectionUsageEntity, InstallationEntity, SelfTestEntity } from '@reunite/connections';
import { openContentStore } from '@reunite/content-store';
import type { ContentStore } from '@reunite/content-store';
import { createDataSource, UserActions } from '@reunite/database';
import { DeliveryEntity } from '@reunite/deliveries';
import {
  DeploymentCheckEntity,
  DeploymentEntity,
  DeploymentFindingEntity,
  DeploymentLogEntity,
  ProjectEntity,
} from '@reunite/deployments';
import { LocalSignIn } from '@reunite/local-sign-in';
import { WatchedIdentity } from '@reunite/platform';
import type { Logger } from '@reunite/platform';
import { JobProducer, openRedis, queueBackend, redisServers } from '@reunite/queueing';
import type { RedisClient } from '@reunite/queueing';
import { PullRequestEntity } from '@reunite/pull-requests';
import { GitRefEntity, RepositoryEntity } from '@reunite/repositories';
import { createVaultClient } from '@reunite/vault-client';
import { createRemoteJWKSet } from 'jose';
import type { DataSource } from 'typeorm';
import { TokenVerifier } from './auth/token-verifier.js';
import type { ApiConfig } from './config.js';
import { LiveEventHub } from './live/live-event-hub.js';
import type { Vault } from './vault.js';

/** Connections and clients of the API. */
export interface ApiResources {
  readonly logger: Logger;
  readonly identity: WatchedIdentity;
  readonly dataSource: DataSource;
  readonly producer: JobProducer;
  readonly content: ContentStore;
  readonly vault: Vault;
  readonly hub: LiveEventHub;
  /** Redis of the queue, which counts requests for all replicas. Null if the queue is in PostgreSQL. */
  readonly counters: RedisClient | null;
  readonly tokens: TokenVerifier;
  /** null if users sign in at Reunite. */
  readonly localSignIn: LocalSignIn | null;
}

const entities = [
  ConnectionEntity,
  ConnectionUsageEntity,
  DeliveryEntity,
  DeploymentCheckEntity,
  DeploymentEntity,
  DeploymentFindingEntity,
  DeploymentLogEntity,
  GitRefEntity,
  InstallationEntity,
  ProjectEntity,
  PullRequestEntity,
  RepositoryEntity,
  SelfTestEntity,
];

export async function openResources(config: ApiConfig, logger: Logger): Promise<ApiResources> {
  const identity = await WatchedIdentity.open(config, logger);
  const { tokens, localSignIn } = await openSignIn(config);
  const dataSource = createDataSource({ url: config.DATABASE_URL, schema: 'bridge', entities });
  return {
    logger,
    identity,
    tokens,
    localSignIn,
    dataSource: await dataSource.initialize(),
    producer: new JobProducer(
      queueBackend(config.QUEUE_URL, config.QUEUE_CA_FILE),
      (error) => logger.warn({ err: error }, 'queue unavailable'),
      new UserActions(dataSource),
    ),
    content: openContentStore(config.CONTENT_URL),
    vault: createVaultClient({ address: config.VAULT_ADDRESS, identity }),
    counters: openCounters(config, logger),
    hub: new LiveEventHub(config.DATABASE_DIRECT_URL ?? config.DATABASE_URL, logger, {
      perCaller: config.EVENT_STREAMS_PER_CALLER,
      perOrganization: config.EVENT_STREAMS_PER_ORGANIZATION,
      recentEvents: config.EVENT_STREAM_RECENT_EVENTS,
    }),
  };
}

/** Commands fail at once while Redis is unavailable, so that requests never wait for it. */
function openCounters({ QUEUE_URL, QUEUE_CA_FILE }: ApiConfig, logger: Logger): RedisClient | null {
  if (!/^rediss?:/.test(QUEUE_URL)) return null;
  const options = { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 500 };
  const redis = openRedis(redisServers(QUEUE_URL, QUEUE_CA_FILE), options);
  redis.on('error', (error) =>
    logger.debug({ err: error }, 'queue server unavailable: requests are counted in this replica'),
  );
  return redis;
}

async function openSignIn(config: ApiConfig): Promise<Pick<ApiResources, 'tokens' | 'localSignIn'>> {
  const expected = {
    issuer: config.JWT_ISSUER ?? config.PUBLIC_URL,
    audience: config.JWT_AUDIENCE,
    maxLifetimeSeconds: config.JWT_MAX_LIFETIME_SECONDS,
  };
  if (config.JWT_JWKS_URL !== undefined) {
    const keys = createRemoteJWKSet(new URL(config.JWT_JWKS_URL));
    return { tokens: new TokenVerifier(keys, expected), localSignIn: null };
  }
  const localSignIn = await LocalSignIn.open(config.LOCAL_SIGN_IN_KEY_FILE ?? '', expected);
  return { tokens: new TokenVerifier(localSignIn.keySet(), expected), localSignIn };
}

export async function closeResources(resources: ApiResources): Promise<void> {
  const { dataSource, producer, content, vault, identity, counters } = resources;
  vault.close();
  counters?.disconnect();
  identity.stop();
  await Promise.all([dataSource.destroy(), producer.close(), content.close()]);
}
