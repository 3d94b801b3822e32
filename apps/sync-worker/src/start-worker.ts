import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { HealthModule, NestLogger } from '@reunite/platform';
import type { RunningService } from '@reunite/platform';
import { JobWorkers, queueBackend } from '@reunite/queueing';
import type { Config } from './config.js';
import { jobHandlers } from './job-handlers.js';
import { closeResources } from './resources.js';
import type { WorkerResources } from './resources.js';
import { Repeating } from './maintenance/repeating.js';
import { openRetention } from './maintenance/retention.js';
import { Sweeper } from './maintenance/sweeper.js';

/** Builds cost the processor, the rest waits for servers and the database. */
const concurrency = { deployments: 2, checks: 1, 'content-sync': 4, deliveries: 8, 'commit-statuses': 8 };

/** Starts working, and closes everything in the reverse order, the resources too. */
export async function startWorker(config: Config, resources: WorkerResources): Promise<RunningService> {
  const { dataSource, producer, processes, logger } = resources;
  const workers = await JobWorkers.start(queueBackend(config.QUEUE_URL), jobHandlers(config, resources), {
    concurrency,
    onError: (error, job) => logger.warn({ err: error, job }, 'a job failed'),
  });
  processes.warm();
  const sweeper = new Sweeper(dataSource, producer, { reconcileIntervalSeconds: config.RECONCILE_INTERVAL_SECONDS });
  const retention = openRetention(config, resources);
  const repeating = [
    new Repeating(() => sweeper.sweep(), logger, config.SWEEP_INTERVAL_SECONDS),
    new Repeating(() => retention.run(), logger, config.RETENTION_INTERVAL_SECONDS),
  ];
  for (const one of repeating) one.start();
  const health = await listenForHealth(config, resources);

  return {
    port: health.port,
    close: async () => {
      await Promise.all(repeating.map((one) => one.close()));
      await workers.close();
      await health.close();
      await closeResources(resources);
    },
  };
}

async function listenForHealth(
  config: Config,
  { dataSource, vault, logger }: WorkerResources,
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
