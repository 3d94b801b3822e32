import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Repeating } from '@reunite/concurrency';
import { isCoded, jobs } from '@reunite/contracts';
import { databaseReadiness, UserActions, watchPool } from '@reunite/database';
import { watchInbox } from '@reunite/deliveries';
import { watchStatuses } from '@reunite/deployments';
import { HealthModule, NestLogger } from '@reunite/platform';
import type { RunningService } from '@reunite/platform';
import { JobWorkers, queueBackend, watchQueues } from '@reunite/queueing';
import { JobOwners } from '@reunite/unit-of-work';
import type { Config } from './config.js';
import { jobHandlers } from './job-handlers.js';
import { closeResources } from './resources.js';
import type { WorkerResources } from './resources.js';
import { openRetention } from './maintenance/retention.js';
import { Sweeper } from './maintenance/sweeper.js';

/** Concurrent jobs per queue. Builds use the processor; other jobs wait for servers and the database. */
const DEFAULT_SLOTS = {
  deployments: 3,
  checks: 2,
  'content-sync': 8,
  deliveries: 8,
  'commit-statuses': 16,
  reconciliation: 8,
  connections: 8,
  'repository-queries': 8,
  'repository-changes': 8,
};

/** A slow build or check does not make its connection slow: it computes and does not wait for a server. */
const SHARES = {
  deployments: { perConnection: 2, perOrganization: 2, slow: 3 },
  checks: { perConnection: 1, perOrganization: 1, slow: 2 },
};

/** Starts the worker. Closing it also closes the resources, in reverse order. */
export async function startWorker(config: Config, resources: WorkerResources): Promise<RunningService> {
  const { dataSource, producer, processes, logger } = resources;
  const owners = new JobOwners(dataSource);
  const workers = await JobWorkers.start(
    queueBackend(config.QUEUE_URL, config.QUEUE_CA_FILE),
    jobHandlers(config, resources),
    {
      concurrency: { ...DEFAULT_SLOTS, ...config.JOB_SLOTS },
      userActions: new UserActions(dataSource),
      fairness: {
        ownerOf: (payload) => owners.of(payload),
        isServerFailure: (error) => isCoded(error) && error.code === 'ghes-unreachable',
        slowAfterMs: config.SLOW_JOB_SECONDS * 1_000,
        shares: SHARES,
      },
      onError: (error, job) => logger.warn({ err: error, job }, 'job failed'),
    },
  );
  processes.warm();
  const sweeper = new Sweeper(dataSource, producer, {
    reconcileIntervalSeconds: config.RECONCILE_INTERVAL_SECONDS,
    refreshIntervalSeconds: config.REFRESH_INTERVAL_SECONDS ?? config.RECONCILE_INTERVAL_SECONDS,
    recoveryIntervalSeconds: config.RECOVERY_INTERVAL_SECONDS,
  });
  const retention = openRetention(config, resources);
  const repeating = [
    new Repeating(() => sweeper.sweep(), {
      intervalMs: config.SWEEP_INTERVAL_SECONDS * 1_000,
      onError: (error) => logger.warn({ err: error }, 'sweep failed; the next one retries'),
    }),
    new Repeating(() => retention.run(), {
      intervalMs: config.RETENTION_INTERVAL_SECONDS * 1_000,
      onError: (error) => logger.warn({ err: error }, 'retention failed; the next run retries'),
    }),
  ];
  for (const one of repeating) one.start();
  watchInbox((sql) => dataSource.query(sql));
  watchStatuses((sql) => dataSource.query(sql));
  watchQueues(producer);
  watchPool(dataSource);
  const health = await listenForHealth(config, resources);

  return {
    port: health.port,
    close: async () => {
      watchInbox(null);
      watchStatuses(null);
      watchQueues(null);
      await Promise.all(repeating.map((one) => one.stop()));
      await workers.close();
      await health.close();
      await closeResources(resources);
    },
  };
}

async function listenForHealth(
  config: Config,
  { dataSource, vault, producer, logger }: WorkerResources,
): Promise<RunningService> {
  const checks = [
    databaseReadiness(dataSource),
    { name: 'queue', check: () => producer.depth(jobs.processInbox.queue) },
    { name: 'vault', check: () => vault.ready(1_500) },
  ];
  const app = await NestFactory.create<NestFastifyApplication>(
    HealthModule.register(checks, { withMetrics: true, logger }),
    new FastifyAdapter(),
    {
      logger: new NestLogger(logger),
    },
  );
  await app.listen(config.PORT, config.LISTEN_HOST);
  const { port } = new URL(await app.getUrl());
  return { port: Number(port), close: () => app.close() };
}
