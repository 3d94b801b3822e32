import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createDataSource } from '@reunite/database';
import { DeploymentEntity, ProjectEntity } from '@reunite/deployments';
import { NestLogger } from '@reunite/platform';
import type { Logger, RunningService } from '@reunite/platform';
import type { DataSource } from 'typeorm';
import type { PreviewHostConfig } from './config.js';
import { PreviewHostModule } from './preview-host.module.js';
import { PreviewHandler } from './preview.handler.js';
import { previewHostOf } from './preview-label.rules.js';
import { Previews } from './previews.js';

const HEALTH_PATHS = new Set(['/healthz', '/readyz', '/metrics']);

/** Serves built deployments, each on its own origin. */
export async function startPreviewHost(config: PreviewHostConfig, logger: Logger): Promise<RunningService> {
  const entities = [DeploymentEntity, ProjectEntity];
  const settings = { url: config.DATABASE_URL, schema: 'bridge' as const, entities, poolSize: 4 };
  const dataSource = await createDataSource(settings).initialize();
  try {
    const app = await createApp(config, dataSource, logger);
    await app.listen(config.PORT, config.LISTEN_HOST);
    const { port } = app.getHttpServer().address() as AddressInfo;
    const close = async () => {
      await app.close();
      await dataSource.destroy();
    };
    return { port, close };
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

async function createApp(
  config: PreviewHostConfig,
  dataSource: DataSource,
  logger: Logger,
): Promise<NestFastifyApplication> {
  // Files are small and safe to request again, so stopping does not wait for open connections.
  const adapter = new FastifyAdapter({ forceCloseConnections: true });
  const options = { logger: new NestLogger(logger), abortOnError: false };
  const module = PreviewHostModule.register(dataSource);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, options);
  const handler = new PreviewHandler(new Previews(dataSource), fileURLToPath(config.ARTIFACTS_URL), logger);
  adapter.getInstance().addHook('onRequest', async (request, reply) => {
    const host = previewHostOf(config.PREVIEW_URL_TEMPLATE, request.headers.host);
    if (host.kind === 'foreign' && HEALTH_PATHS.has(request.url)) return undefined;
    return handler.handle(request, reply, host);
  });
  await app.init();
  return app;
}
