import 'reflect-metadata';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { HealthModule, NestLogger } from '@reunite/platform';
import type { Logger, ReadinessCheck, RunningService } from '@reunite/platform';
import type { IngestSettings } from '../config.js';
import { isWebhookUrl } from './webhook-route.rules.js';
import type { WebhookHandler } from './webhook.handler.js';

@Module({})
class IngestModule {}

/** Time for requests in flight when the service stops. */
const DRAIN_MS = 10_000;

/** GitHub sends about 15 headers, proxies add some. */
const MAX_HEADERS = 64;

/** Listens with one server and two handlers: webhooks bypass Nest, whose pipeline costs more than their handling. */
export async function listen(
  handler: WebhookHandler,
  checks: readonly ReadinessCheck[],
  settings: IngestSettings,
  logger: Logger,
): Promise<RunningService> {
  let server: Server | undefined;
  const requestTimeout = settings.REQUEST_TIMEOUT_SECONDS * 1_000;
  const timeouts = { requestTimeout, headersTimeout: requestTimeout, connectionsCheckingInterval: 1_000 };
  const configure = (created: Server): Server => {
    created.maxHeadersCount = MAX_HEADERS;
    created.maxConnections = settings.MAX_CONNECTIONS;
    return (server = created);
  };
  const adapter = new FastifyAdapter({
    serverFactory: (nest: RequestListener) =>
      configure(
        createServer(timeouts, (request, response) => {
          if (isWebhookUrl(request.url ?? '')) void handler.handle(request, response);
          else nest(request, response);
        }),
      ),
  });
  const module = { module: IngestModule, imports: [HealthModule.register(checks, { logger })] };
  const options = { logger: new NestLogger(logger), abortOnError: false };
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, options);
  await app.listen(settings.PORT, settings.LISTEN_HOST);
  return {
    port: (server?.address() as AddressInfo).port,
    close: async () => {
      handler.drain();
      // A closing server no longer enforces its request timeout.
      const late = setTimeout(() => server?.closeAllConnections(), DRAIN_MS);
      await app.close();
      clearTimeout(late);
    },
  };
}
