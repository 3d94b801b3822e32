import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from './logger.js';
import { Readiness } from './readiness.js';
import type { ReadinessCheck } from './readiness.js';

export interface WaitSettings {
  /** Port of `/healthz` and `/readyz` meanwhile; undefined opens none. */
  readonly port: number | undefined;
  readonly host: string;
  readonly logger: Logger;
}

const RETRY_MS = 500;
const MAX_RETRY_MS = 5_000;

/**
 * Waits until all dependencies of a service work, so that it may start before them. Meanwhile `/healthz` answers 200,
 * `/readyz` 503 with the names of the missing ones, and everything else 503.
 */
export async function untilAvailable(checks: readonly ReadinessCheck[], settings: WaitSettings): Promise<void> {
  const readiness = new Readiness(checks, settings.logger);
  if ((await readiness.report()).status === 'ok') return;
  const server = await listen(readiness, settings);
  for (let delay = RETRY_MS; ; delay = Math.min(delay * 2, MAX_RETRY_MS)) {
    await pause(delay * (0.5 + Math.random() / 2));
    if ((await readiness.report()).status === 'ok') break;
  }
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function listen(readiness: Readiness, { port, host }: WaitSettings): Promise<Server> {
  const server = createServer({ requestTimeout: 5_000 }, (request, response) => {
    const send = (status: number, body: object) => {
      const headers = { 'content-type': 'application/json', ...(status === 503 && { 'retry-after': '5' }) };
      response.writeHead(status, headers).end(JSON.stringify(body));
    };
    if (request.url === '/healthz') send(200, { status: 'ok' });
    else if (request.url !== '/readyz') send(503, { status: 'unavailable' });
    // A dependency that has just become available is not enough: the service itself is not started yet.
    else void readiness.report().then((report) => send(503, { ...report, status: 'unavailable' }));
  });
  server.maxConnections = 64;
  // Clients cannot know a port that the system chooses.
  if (port !== undefined && port !== 0) {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, host, resolve);
    });
  }
  return server;
}
