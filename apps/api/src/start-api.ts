import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastifyCookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { EndedSessions, watchPool } from '@reunite/database';
import { NestLogger, observeRequests, Readiness, startMetricsServer } from '@reunite/platform';
import type { MetricsServer, RunningService } from '@reunite/platform';
import { ApiModule, readinessChecks } from './api.module.js';
import type { ApiConfig } from './config.js';
import { TenantLookup } from './application/tenants/tenant-lookup.service.js';
import { CallerAdmission } from './auth/caller-admission.js';
import { tokenOf } from './auth/credentials.rules.js';
import { grpcOptions } from './grpc/grpc-server.js';
import { serveDocumentation } from './documentation/serve-documentation.js';
import { limitBodyTime } from './http/body-deadline.js';
import { serveConsole } from './http/console-files.js';
import { drained } from './http/drain.js';
import { allowLargeCommits, commitBodyBytes } from './http/large-commits.js';
import { openApiDocument } from './http/openapi.js';
import { answerRequestIds, REQUEST_ID_HEADER, requestIdOf } from './http/request-ids.js';
import { acceptUploads } from './http/upload-bodies.js';
import { addSecurityHeaders } from './http/security-headers.js';
import { ConcurrentUploads } from './limits/concurrent-uploads.js';
import { RateLimits } from './limits/rate-limits.js';
import { longestUploadMs } from './limits/upload-pace.js';
import type { UploadPace } from './limits/upload-pace.js';
import { closeResources } from './resources.js';
import type { ApiResources } from './resources.js';
import type { ApiSettings } from './settings.js';

/** Starts the HTTP server, and with GRPC_PORT the gRPC server. Closing the service closes `resources` too. */
export async function startApi(config: ApiConfig, resources: ApiResources): Promise<RunningService> {
  try {
    const app = await createApp(config, resources);
    const drain = drained(app.getHttpServer());
    watchPool(resources.dataSource);
    await resources.hub.start();
    await app.startAllMicroservices();
    await app.listen(config.PORT, config.LISTEN_HOST);
    const { port } = app.getHttpServer().address() as AddressInfo;
    const metrics = await serveMetrics(config, resources);
    const close = async () => {
      // Streams first: the server waits for open responses.
      await resources.hub.close();
      await drain(() => app.close());
      await metrics?.close();
      await closeResources(resources);
    };
    return { port, close };
  } catch (error) {
    await resources.hub.close();
    await closeResources(resources);
    throw error;
  }
}

async function serveMetrics(config: ApiConfig, resources: ApiResources): Promise<MetricsServer | null> {
  if (config.METRICS_PORT === undefined) return null;
  return startMetricsServer(config.METRICS_PORT, config.LISTEN_HOST, new Readiness(readinessChecks(resources)));
}

async function createApp(config: ApiConfig, resources: ApiResources): Promise<NestFastifyApplication> {
  const settings = settingsOf(config);
  const admission = callerAdmission(config, resources);
  const adapter = fastifyAdapter(config);
  const options = { logger: new NestLogger(resources.logger), abortOnError: false };
  const module = ApiModule.register(settings, resources, admission);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, options);
  const fastify = adapter.getInstance();
  await app.register(fastifyCookie);
  app.getHttpServer().maxConnections = config.MAX_CONNECTIONS;
  observeRequests(fastify);
  answerRequestIds(fastify);
  addSecurityHeaders(fastify, settings.publicUrl);
  limitBodyTime(fastify, uploadPace(config));
  acceptUploads(fastify);
  allowLargeCommits(fastify, {
    commitBytes: config.COMMIT_MAX_BYTES,
    smallBodyBytes: config.MAX_BODY_BYTES,
    uploads: new ConcurrentUploads(config.LARGE_COMMITS_AT_ONCE),
    authorize: async (request) => {
      const caller = await admission.admit(tokenOf(request, settings.publicUrl), 'write');
      const { id } = request.params as { id: string };
      await app.get(TenantLookup).project(caller.organizationId, id);
      return caller;
    },
  });
  if (config.CONSOLE_DIR !== undefined) await serveConsole(fastify, config.CONSOLE_DIR);
  if (config.GRPC_PORT !== undefined) connectGrpc(app, config, resources);
  await app.init();
  const document = openApiDocument(app, settings.publicUrl);
  fastify.get('/openapi.json', () => document);
  serveDocumentation(fastify, settings.publicUrl, document);
  return app;
}

function settingsOf(config: ApiConfig): ApiSettings {
  return {
    publicUrl: config.PUBLIC_URL,
    signInUrl: config.SIGN_IN_URL ?? null,
    webhookPublicUrl: config.WEBHOOK_PUBLIC_URL,
    previewUrlTemplate: config.PREVIEW_URL_TEMPLATE,
    allowInsecureHttp: config.GHES_ALLOW_INSECURE_HTTP,
    commitLimits: {
      files: config.COMMIT_MAX_FILES,
      fileBytes: config.COMMIT_MAX_FILE_BYTES,
      totalBytes: config.COMMIT_MAX_BYTES,
    },
    uploads: {
      bytes: config.UPLOAD_MAX_BYTES,
      organizationBytes: config.UPLOAD_BYTES_PER_ORGANIZATION,
      lifetimeSeconds: config.UPLOAD_LIFETIME_SECONDS,
      atOnce: config.UPLOADS_AT_ONCE,
      pace: uploadPace(config),
    },
    grpcAllowedCallers: config.GRPC_ALLOWED_CALLERS,
    quotas: { connections: config.MAX_CONNECTIONS_PER_ORGANIZATION, projects: config.MAX_PROJECTS_PER_ORGANIZATION },
  };
}

function callerAdmission(config: ApiConfig, { tokens, counters, dataSource }: ApiResources): CallerAdmission {
  const limits = {
    callerPerMinute: config.CALLER_REQUESTS_PER_MINUTE,
    organizationPerMinute: config.ORGANIZATION_REQUESTS_PER_MINUTE,
  };
  return new CallerAdmission(tokens, new RateLimits(limits, counters), new EndedSessions(dataSource));
}

function connectGrpc(app: NestFastifyApplication, config: ApiConfig, { identity }: ApiResources): void {
  app.connectMicroservice(
    grpcOptions({
      address: `${config.LISTEN_HOST}:${config.GRPC_PORT}`,
      identity,
      maxRequestBytes: commitBodyBytes(config.COMMIT_MAX_BYTES),
      maxConnectionSeconds: config.TLS_CONNECTION_SECONDS,
      maxConcurrentCalls: config.GRPC_CONCURRENT_CALLS,
    }),
  );
}

function uploadPace(config: ApiConfig): UploadPace {
  return { graceMs: config.REQUEST_TIMEOUT_SECONDS * 1_000, bytesPerSecond: config.UPLOAD_MIN_BYTES_PER_SECOND };
}

function fastifyAdapter(config: ApiConfig): FastifyAdapter {
  // One value for all routes. Bodies end earlier, see limitBodyTime.
  const requestTimeout = longestUploadMs(uploadPace(config), config.UPLOAD_MAX_BYTES);
  const headersTimeout = Math.min(config.REQUEST_TIMEOUT_SECONDS, config.HEADERS_TIMEOUT_SECONDS) * 1_000;
  return new FastifyAdapter({
    bodyLimit: config.MAX_BODY_BYTES,
    genReqId: ({ headers }: IncomingMessage) => requestIdOf(headers[REQUEST_ID_HEADER]),
    requestTimeout,
    // Node looks for late requests at this interval only; its default of 30 s would double the timeouts.
    http: { headersTimeout, connectionsCheckingInterval: Math.ceil(headersTimeout / 3) },
  });
}
