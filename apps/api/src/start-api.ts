import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import fastifyCookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestLogger } from '@reunite/platform';
import type { RunningService } from '@reunite/platform';
import { ApiModule } from './api.module.js';
import type { ApiConfig } from './config.js';
import { grpcOptions } from './grpc/grpc-door.js';
import { serveConsole } from './http/console-files.js';
import { drained } from './http/drain.js';
import { allowLargeCommits, commitBodyBytes } from './http/large-commits.js';
import { openApiDocument } from './http/openapi.js';
import { addSecurityHeaders } from './http/security-headers.js';
import { closeResources } from './resources.js';
import type { ApiResources } from './resources.js';

/** Starts both doors of the API on resources that are open; closing closes those too. */
export async function startApi(config: ApiConfig, resources: ApiResources): Promise<RunningService> {
  try {
    const app = await createApp(config, resources);
    const drain = drained(app.getHttpServer());
    await resources.hub.start();
    await app.startAllMicroservices();
    await app.listen(config.PORT, config.LISTEN_HOST);
    const { port } = app.getHttpServer().address() as AddressInfo;
    const close = async () => {
      // Streams first: the server waits for open responses.
      await resources.hub.close();
      await drain(() => app.close());
      await closeResources(resources);
    };
    return { port, close };
  } catch (error) {
    await resources.hub.close();
    await closeResources(resources);
    throw error;
  }
}

async function createApp(config: ApiConfig, resources: ApiResources): Promise<NestFastifyApplication> {
  const settings = {
    publicUrl: config.PUBLIC_URL,
    webhookPublicUrl: config.WEBHOOK_PUBLIC_URL,
    previewUrlTemplate: config.PREVIEW_URL_TEMPLATE,
    allowInsecureHttp: config.GHES_ALLOW_INSECURE_HTTP,
    commitLimits: {
      files: config.COMMIT_MAX_FILES,
      fileBytes: config.COMMIT_MAX_FILE_BYTES,
      totalBytes: config.COMMIT_MAX_BYTES,
    },
  };
  const adapter = new FastifyAdapter({ bodyLimit: config.MAX_BODY_BYTES });
  const options = { logger: new NestLogger(resources.logger), abortOnError: false };
  const module = ApiModule.register(settings, resources);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, options);
  const fastify = adapter.getInstance();
  await app.register(fastifyCookie);
  addSecurityHeaders(fastify);
  allowLargeCommits(fastify, config.COMMIT_MAX_BYTES, resources.tokens);
  if (config.CONSOLE_DIR !== undefined) await serveConsole(fastify, config.CONSOLE_DIR);
  if (config.GRPC_PORT !== undefined) {
    app.connectMicroservice(
      grpcOptions({
        address: `${config.LISTEN_HOST}:${config.GRPC_PORT}`,
        identity: resources.identity,
        maxRequestBytes: commitBodyBytes(config.COMMIT_MAX_BYTES),
        maxConnectionSeconds: config.TLS_CONNECTION_SECONDS,
      }),
    );
  }
  await app.init();
  const document = openApiDocument(app, settings.publicUrl);
  fastify.get('/openapi.json', () => document);
  return app;
}
