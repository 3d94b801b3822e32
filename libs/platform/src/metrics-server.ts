import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { register } from 'prom-client';
import type { Readiness } from './readiness.js';

export interface MetricsServer {
  /** The port it listens on. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `GET /metrics`, `/healthz` and `/readyz` on a port of its own, which is never published: for services whose
 * other port is public or for gRPC.
 *
 * @param port 0 lets the system choose
 */
export async function startMetricsServer(port: number, host: string, readiness: Readiness): Promise<MetricsServer> {
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    const route = request.method === 'GET' ? ROUTES[request.url ?? ''] : undefined;
    if (!route) {
      response.writeHead(404).end();
      return;
    }
    route(response, readiness).catch(() => response.writeHead(500).end());
  });
  server.maxConnections = 16;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
}

type Route = (response: ServerResponse, readiness: Readiness) => Promise<unknown>;

const ROUTES: Readonly<Partial<Record<string, Route>>> = {
  '/metrics': async (response) => {
    const text = await register.metrics();
    return response.writeHead(200, { 'content-type': register.contentType }).end(text);
  },
  '/healthz': (response) => Promise.resolve(sendJson(response, 200, { status: 'ok' })),
  '/readyz': async (response, readiness) => {
    const report = await readiness.report();
    return sendJson(response, report.status === 'ok' ? 200 : 503, report);
  },
};

function sendJson(response: ServerResponse, status: number, body: object): ServerResponse {
  return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
