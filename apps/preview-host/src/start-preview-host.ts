import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { openBlobStorage } from '@reunite/blob-storage';
import type { BlobStorage } from '@reunite/blob-storage';
import { createDataSource, databaseReadiness, watchPool } from '@reunite/database';
import { DeploymentEntity, ProjectEntity } from '@reunite/deployments';
import { NestLogger, observeRequests, Readiness, startMetricsServer } from '@reunite/platform';
import type { Logger, ReadinessCheck, RunningService } from '@reunite/platform';
import type { DataSource } from 'typeorm';
import type { PreviewHostSettings } from './config.js';
import { PreviewHostModule } from './preview-host.module.js';
import { PreviewHandler } from './preview.handler.js';
import { previewHostOf } from './preview-label.rules.js';
import { Previews } from './previews.js';

const HEALTH_PATHS = new Set(['/healthz', '/readyz']);

export interface RunningPreviewHost extends RunningService {
  /** Null if no metrics are served. */
  readonly metricsPort: number | null;
}

/** Serves built deployments, each on its own origin. */
export async function startPreviewHost(config: PreviewHostSettings, logger: Logger): Promise<RunningPreviewHost> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.reverse()) await closer();
  };
  try {
    const entities = [DeploymentEntity, ProjectEntity];
    const settings = { url: config.DATABASE_URL, schema: 'bridge' as const, entities, poolSize: 4 };
    const dataSource = await createDataSource(settings).initialize();
    closers.push(() => dataSource.destroy());
    watchPool(dataSource);
    const artifacts = openBlobStorage(config.ARTIFACTS_URL);
    closers.push(() => artifacts.close());
    const checks = [databaseReadiness(dataSource)];
    const app = await createApp(config, { dataSource, artifacts, checks }, logger);
    closers.push(() => app.close());
    await app.listen(config.PORT, config.LISTEN_HOST);
    const metricsPort = await serveMetrics(config, new Readiness(checks), closers);
    const { port } = app.getHttpServer().address() as AddressInfo;
    return { port, metricsPort, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function serveMetrics(
  config: PreviewHostSettings,
  readiness: Readiness,
  closers: (() => Promise<unknown>)[],
): Promise<number | null> {
  if (config.METRICS_PORT === undefined) return null;
  const server = await startMetricsServer(config.METRICS_PORT, config.LISTEN_HOST, readiness);
  closers.push(() => server.close());
  return server.port;
}

interface PreviewHostResources {
  readonly dataSource: DataSource;
  readonly artifacts: BlobStorage;
  readonly checks: readonly ReadinessCheck[];
}

async function createApp(
  config: PreviewHostSettings,
  { dataSource, artifacts, checks }: PreviewHostResources,
  logger: Logger,
): Promise<NestFastifyApplication> {
  const requestTimeout = config.REQUEST_TIMEOUT_SECONDS * 1_000;
  const idleTimeout = config.IDLE_TIMEOUT_SECONDS * 1_000;
  const adapter = new FastifyAdapter({
    requestTimeout,
    connectionTimeout: idleTimeout,
    // Also the limit for a body that is still being sent after the response.
    keepAliveTimeout: idleTimeout,
    // Node looks for late requests at this interval only; its default of 30 s would double the timeout.
    http: { connectionsCheckingInterval: Math.ceil(requestTimeout / 3) },
    // Files are small and safe to request again, so stopping does not wait for open connections.
    forceCloseConnections: true,
  });
  const options = { logger: new NestLogger(logger), abortOnError: false };
  const module = PreviewHostModule.register(checks);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, options);
  app.getHttpServer().maxConnections = config.MAX_CONNECTIONS;
  const handler = new PreviewHandler(new Previews(dataSource), artifacts, logger);
  const fastify = adapter.getInstance();
  observeRequests(fastify, ({ url }) => (HEALTH_PATHS.has(url) ? url : 'preview'));
  fastify.addHook('onRequest', async (request, reply) => {
    const host = previewHostOf(config.PREVIEW_URL_TEMPLATE, request.headers.host);
    if (host.kind === 'foreign' && HEALTH_PATHS.has(request.url)) return undefined;
    return handler.handle(request, reply, host);
  });
  await app.init();
  return app;
}
