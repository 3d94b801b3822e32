// The servers that bench `ingest` measures, each in a process of its own: node bench/ingest-servers.mjs <name>
// <settings>.
import 'reflect-metadata';
import { createHmac, generateKeyPairSync, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';

const load = (path) => import(new URL(`../${path}`, import.meta.url).href);
const [name, json] = process.argv.slice(2);
const settings = JSON.parse(json);

function isSigned(body, header) {
  const signature = Buffer.from(String(header).slice('sha256='.length), 'hex');
  const expected = createHmac('sha256', settings.secret).update(body).digest();
  return signature.length === expected.length && timingSafeEqual(expected, signature);
}

/** The ceiling: reads, verifies and answers. It keeps nothing. */
function ceiling() {
  return listen(
    createServer((request, response) => {
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const isValid = isSigned(Buffer.concat(chunks), request.headers['x-hub-signature-256']);
        response.writeHead(isValid ? 202 : 401, { 'content-length': 0 }).end();
      });
    }),
  );
}

/** The least that a server with PostgreSQL can do: the ceiling, and one COPY per group into a table without an index. */
async function append() {
  const { Batcher } = await load('libs/concurrency/dist/index.js');
  const { CopyMessages } = await load('libs/deliveries/dist/copy-messages.js');
  const { CopyQuery } = await load('libs/deliveries/dist/copy-query.js');
  const client = new pg.Client({ connectionString: settings.databaseUrl, options: '-c search_path=bench' });
  await client.connect();
  const inserts = new Batcher(
    async (bodies) => {
      const messages = new CopyMessages(bodies.reduce((size, { length }) => size + length + 64, 128));
      messages.start();
      for (const body of bodies) {
        messages.beginRow(1);
        messages.binary(body);
        messages.endRow();
      }
      messages.end();
      await client.query(new CopyQuery('COPY appended FROM STDIN (FORMAT binary)', messages.bytes())).done;
      return bodies.map(() => null);
    },
    { maxItems: 128 },
  );
  return listen(
    createServer((request, response) => {
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', async () => {
        const body = Buffer.concat(chunks);
        const isValid = isSigned(body, request.headers['x-hub-signature-256']);
        if (isValid) await inserts.add(body);
        response.writeHead(isValid ? 202 : 401, { 'content-length': 0 }).end();
      });
    }),
  );
}

async function octokit() {
  const { Webhooks, createNodeMiddleware } = await import('@octokit/webhooks');
  const webhooks = new Webhooks({ secret: settings.secret });
  webhooks.on('push', () => undefined);
  return listen(createServer(createNodeMiddleware(webhooks, { path: '/' })));
}

async function probot() {
  const { Probot, createNodeMiddleware } = await import('probot');
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const app = (bot) => bot.on('push', () => undefined);
  const bot = new Probot({ appId: 7, privateKey, secret: settings.secret, logLevel: 'fatal' });
  return listen(createServer(await createNodeMiddleware(app, { probot: bot, webhooksPath: '/' })));
}

/** The usual first version: a controller that verifies the raw body and adds a job. */
async function nest() {
  const { Controller, HttpCode, Module, Post, Req } = await import('@nestjs/common');
  const { NestFactory } = await import('@nestjs/core');
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  const { Queue } = await import('bullmq');
  const { Redis } = await import('ioredis');
  const queue = new Queue('webhooks', { connection: new Redis(settings.redisUrl, { maxRetriesPerRequest: null }) });
  class Webhooks {
    async receive({ rawBody, headers, body }) {
      if (!isSigned(rawBody, headers['x-hub-signature-256'])) throw new Error('invalid signature');
      const options = { jobId: headers['x-github-delivery'], removeOnComplete: true };
      await queue.add(headers['x-github-event'], body, options);
    }
  }
  const method = Object.getOwnPropertyDescriptor(Webhooks.prototype, 'receive');
  Req()(Webhooks.prototype, 'receive', 0);
  HttpCode(202)(Webhooks.prototype, 'receive', method);
  Post()(Webhooks.prototype, 'receive', method);
  Controller()(Webhooks);
  class App {}
  Module({ controllers: [Webhooks] })(App);
  const app = await NestFactory.create(App, new FastifyAdapter(), { logger: false, rawBody: true });
  await app.listen(0, '127.0.0.1');
  return Number(new URL(await app.getUrl()).port);
}

async function ours() {
  const { serveWebhooks } = await load('apps/webhook-ingest/dist/serve-webhooks.js');
  const { ingestConfigSchema } = await load('apps/webhook-ingest/dist/config.js');
  const { createLogger } = await load('libs/platform/dist/index.js');
  const config = ingestConfigSchema.parse({
    PORT: '0',
    DATABASE_URL: settings.databaseUrl,
    QUEUE_URL: settings.queueUrl,
    ...{ VAULT_ADDRESS: 'localhost:1', TLS_CA_FILE: '-', TLS_CERT_FILE: '-', TLS_KEY_FILE: '-' },
    LISTEN_HOST: '127.0.0.1',
  });
  const readSecrets = () => Promise.resolve([settings.secret]);
  return (await serveWebhooks(config, readSecrets, createLogger('webhook-ingest', 'fatal'))).port;
}

/** sync-worker with a vault that answers at once, and a server that has no repository. */
async function worker() {
  const { configSchema } = await load('apps/sync-worker/dist/config.js');
  const { openResources } = await load('apps/sync-worker/dist/resources.js');
  const { startWorker } = await load('apps/sync-worker/dist/start-worker.js');
  const { FakeVault } = await load('libs/testing/dist/index.js');
  const { createLogger } = await load('libs/platform/dist/index.js');
  const config = configSchema.parse({
    PORT: '0',
    DATABASE_URL: settings.workerUrl,
    QUEUE_URL: settings.queueUrl,
    ...{ VAULT_ADDRESS: 'localhost:1', TLS_CA_FILE: '-', TLS_CERT_FILE: '-', TLS_KEY_FILE: '-' },
    ...{ CONTENT_URL: settings.contentUrl, ARTIFACTS_URL: settings.artifactsUrl, GHES_ALLOWED_CIDRS: '127.0.0.0/8' },
    CONSOLE_URL: 'http://console.localhost/',
    PREVIEW_URL_TEMPLATE: 'http://{host}.preview.localhost/',
  });
  const logger = createLogger('sync-worker', 'fatal');
  const resources = await openResources(config, logger, new FakeVault(settings.origin));
  return (await startWorker(config, resources)).port;
}

function listen(server) {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}

// A process that is ended by a signal writes no CPU profile.
process.once('SIGINT', () => process.exit());
const servers = { ceiling, append, octokit, probot, nest, ours, worker };
console.log(JSON.stringify({ ready: true, port: await servers[name]() }));
