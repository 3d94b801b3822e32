import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openBlobStorage } from '@reunite/blob-storage';
import { ConnectionEntity, InstallationEntity, SelfTestEntity } from '@reunite/connections';
import { openContentStore } from '@reunite/content-store';
import type { ContentStore } from '@reunite/content-store';
import { createDataSource } from '@reunite/database';
import { DeliveryEntity, DeliveryRepository } from '@reunite/deliveries';
import {
  DeploymentCheckEntity,
  DeploymentEntity,
  DeploymentFindingEntity,
  DeploymentLogEntity,
  ProjectEntity,
} from '@reunite/deployments';
import { ghesNetworkLimits, gitNetworkLimits, WatchedIdentity } from '@reunite/platform';
import type { Logger } from '@reunite/platform';
import { JobProducer, queueBackend } from '@reunite/queueing';
import { PullRequestEntity } from '@reunite/pull-requests';
import { GitRefEntity, RepositoryEntity } from '@reunite/repositories';
import { createVaultClient } from '@reunite/vault-client';
import type { UnitOfWork } from '@reunite/unit-of-work';
import type { DataSource } from 'typeorm';
import { ArtifactStore } from './builds/artifact-store.js';
import { buildFolders } from './builds/build-folders.js';
import { IsolatedProcesses } from './builds/isolation/isolated-processes.js';
import { permissionFlag } from './builds/isolation/permissions.js';
import type { Config } from './config.js';
import { GhesAccess } from './connections/ghes-access.js';
import { RefreshRequests } from './connections/refresh-requests.js';
import { UsageRecorder } from './connections/usage-recorder.js';
import type { Vault } from './connections/vault.js';

/** The worker's connections to other services, and its child processes. */
export interface WorkerResources {
  readonly dataSource: DataSource;
  readonly vault: Vault;
  readonly content: ContentStore;
  readonly artifacts: ArtifactStore;
  readonly ghes: GhesAccess;
  readonly refreshes: RefreshRequests;
  readonly usage: UsageRecorder;
  readonly producer: JobProducer;
  readonly deliveries: DeliveryRepository;
  /** Child processes for builds and checks. */
  readonly processes: IsolatedProcesses;
  readonly logger: Logger;
}

export interface HandlerResources extends WorkerResources {
  readonly unitOfWork: UnitOfWork;
}

const entities = [
  ConnectionEntity,
  InstallationEntity,
  SelfTestEntity,
  RepositoryEntity,
  GitRefEntity,
  PullRequestEntity,
  ProjectEntity,
  DeploymentEntity,
  DeploymentCheckEntity,
  DeploymentFindingEntity,
  DeploymentLogEntity,
  DeliveryEntity,
];

export async function connectVault(config: Config, logger: Logger): Promise<Vault> {
  const identity = await WatchedIdentity.open(config, logger);
  return createVaultClient({ address: config.VAULT_ADDRESS, identity });
}

export async function openResources(config: Config, logger: Logger, vault: Vault): Promise<WorkerResources> {
  const { DATABASE_URL: url, DATABASE_POOL_SIZE: poolSize } = config;
  const dataSource = createDataSource({ url, schema: 'bridge', entities, poolSize });
  await dataSource.initialize();
  const producer = new JobProducer(queueBackend(config.QUEUE_URL, config.QUEUE_CA_FILE), (error) =>
    logger.warn({ err: error }, 'queue unavailable'),
  );
  if (permissionFlag() === null)
    logger.warn('permission model of Node.js missing: builds may read the files of the worker');
  const folders = buildFolders(config);
  // Builds may write below them only, and could not create them.
  for (const folder of [folders.sites, folders.pageCaches]) await mkdir(folder, { recursive: true });
  const refreshes = new RefreshRequests(dataSource, producer, logger);
  const usage = new UsageRecorder(dataSource, (error) =>
    logger.warn({ err: error }, 'usage of connections not stored'),
  );
  return {
    dataSource,
    vault,
    content: openContent(config),
    artifacts: new ArtifactStore(openBlobStorage(config.ARTIFACTS_URL), folders.sites),
    refreshes,
    usage,
    ghes: new GhesAccess(dataSource, vault, refreshes, {
      allowedCidrs: config.GHES_ALLOWED_CIDRS,
      requestConcurrency: config.GHES_REQUEST_CONCURRENCY,
      onResponse: (connectionId, response) => usage.record(connectionId, response),
      limits: { ...ghesNetworkLimits(config), ...gitNetworkLimits(config) },
      budgets: {
        processBytes: config.GHES_PROCESS_BYTES,
        organizationBytes: config.GHES_ORGANIZATION_BYTES,
        processPackBytes: config.GIT_PROCESS_BYTES,
        organizationPackBytes: config.GIT_ORGANIZATION_BYTES,
      },
      restLimits: { requests: config.MAX_REST_REQUESTS, bytes: config.MAX_REST_BYTES },
      gitRetrySeconds: config.GIT_RETRY_SECONDS,
    }),
    producer,
    deliveries: new DeliveryRepository(dataSource),
    processes: new IsolatedProcesses({
      timeoutSeconds: config.BUILD_TIMEOUT_SECONDS,
      memoryMb: config.BUILD_MEMORY_MB,
      folders: { read: [localContentFolder(config), folders.lfsFiles], write: [folders.sites, folders.pageCaches] },
    }),
    logger,
  };
}

function openContent(config: Config): ContentStore {
  const { content: folder } = buildFolders(config);
  const localCopies = { folder, maxBytes: config.CONTENT_COPIES_MB * 1024 ** 2 };
  const packLimits = {
    packBytes: config.MAX_PACK_BYTES,
    objects: config.MAX_GIT_OBJECTS,
    objectBytes: config.MAX_GIT_OBJECT_BYTES,
    inflatedBytes: config.MAX_INFLATED_BYTES,
  };
  return openContentStore(config.CONTENT_URL, { localCopies, packLimits });
}

/** The folder from which builds read content. */
function localContentFolder(config: Config): string {
  const isFolder = config.CONTENT_URL.startsWith('file:');
  return isFolder ? fileURLToPath(config.CONTENT_URL) : buildFolders(config).content;
}

export async function closeResources(resources: WorkerResources): Promise<void> {
  const { dataSource, vault, content, artifacts, ghes, usage, producer, processes } = resources;
  await producer.close();
  await processes.close();
  await Promise.all([ghes.close(), content.close(), artifacts.close()]);
  await usage.close();
  await dataSource.destroy();
  vault.close();
}
