import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ConnectionEntity, InstallationEntity } from '@reunite/connections';
import { openContentStore } from '@reunite/content-store';
import { createDataSource } from '@reunite/database';
import { DeliveryEntity, DeliveryRepository } from '@reunite/deliveries';
import { DeploymentEntity, DeploymentLogEntity, ProjectEntity } from '@reunite/deployments';
import { HealthModule, loadServiceIdentity, NestLogger } from '@reunite/platform';
import type { Logger, RunningService } from '@reunite/platform';
import { JobProducer, JobWorkers, queueBackend } from '@reunite/queueing';
import { GitRefEntity, PullRequestEntity, RepositoryEntity } from '@reunite/repositories';
import { createVaultClient } from '@reunite/vault-client';
import type { VaultClient } from '@reunite/vault-client';
import type { DataSource } from 'typeorm';
import type { Config } from './config.js';
import { GhesConnections } from './ghes/ghes-connections.js';
import { jobHandlers } from './job-handlers.js';
import { Sweeper } from './sweeps/sweeper.js';

const entities = [
  ConnectionEntity,
  InstallationEntity,
  RepositoryEntity,
  GitRefEntity,
  PullRequestEntity,
  ProjectEntity,
  DeploymentEntity,
  DeploymentLogEntity,
  DeliveryEntity,
];

/** Builds cost the processor, the rest waits for servers and the database. */
const concurrency = { deployments: 2, 'content-sync': 4, deliveries: 8, 'commit-statuses': 8 };

/** Opens everything the worker works with, starts working, and closes it in the reverse order. */
export async function startWorker(config: Config, logger: Logger): Promise<RunningService> {
  const identity = await loadServiceIdentity({
    caFile: config.TLS_CA_FILE,
    certFile: config.TLS_CERT_FILE,
    keyFile: config.TLS_KEY_FILE,
  });
  const vault = createVaultClient({ address: config.VAULT_ADDRESS, identity });
  const dataSource = createDataSource({ url: config.DATABASE_URL, schema: 'bridge', entities, poolSize: 20 });
  await dataSource.initialize();
  const content = openContentStore(config.CONTENT_URL);
  const ghes = new GhesConnections(dataSource, vault, {
    allowedCidrs: config.GHES_ALLOWED_CIDRS,
    requestConcurrency: config.GHES_REQUEST_CONCURRENCY,
    maxPackBytes: config.MAX_PACK_BYTES,
  });
  const backend = queueBackend(config.QUEUE_URL);
  const producer = new JobProducer(backend, (error) => logger.warn({ err: error }, 'the queue is away'));
  const deliveries = new DeliveryRepository(dataSource);
  const handlers = jobHandlers(config, { dataSource, vault, content, ghes, producer, deliveries, logger });
  const workers = await JobWorkers.start(backend, handlers, {
    concurrency,
    onError: (error, job) => logger.warn({ err: error, job }, 'a job failed'),
  });
  const sweeper = new Sweeper(dataSource, producer, logger, {
    sweepIntervalSeconds: config.SWEEP_INTERVAL_SECONDS,
    reconcileIntervalSeconds: config.RECONCILE_INTERVAL_SECONDS,
  });
  sweeper.start();
  const health = await listenForHealth(config, logger, dataSource, vault);

  return {
    port: health.port,
    close: async () => {
      await sweeper.close();
      await workers.close();
      await health.close();
      await producer.close();
      await Promise.all([ghes.close(), content.close(), dataSource.destroy()]);
      vault.close();
    },
  };
}

async function listenForHealth(
  config: Config,
  logger: Logger,
  dataSource: DataSource,
  vault: VaultClient,
): Promise<RunningService> {
  const checks = [
    { name: 'database', check: () => dataSource.query('SELECT 1') },
    { name: 'vault', check: () => vault.ready(1_500) },
  ];
  const app = await NestFactory.create<NestFastifyApplication>(HealthModule.register(checks), new FastifyAdapter(), {
    logger: new NestLogger(logger),
  });
  await app.listen(config.PORT, config.LISTEN_HOST);
  const { port } = new URL(await app.getUrl());
  return { port: Number(port), close: () => app.close() };
}
