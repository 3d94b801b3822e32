import { DURATION_BUCKETS, isTracing, startSpan, withLogFields } from '@reunite/telemetry';
import type { StartedSpan } from '@reunite/telemetry';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Histogram } from 'prom-client';

/** Durations of HTTP requests that this process answered. */
export const httpDuration = new Histogram({
  name: 'http_server_request_duration_seconds',
  help: 'Duration of HTTP requests that this process answered, by method, route (with placeholders) and status. Event streams count until their end',
  labelNames: ['method', 'route', 'status'],
  buckets: DURATION_BUCKETS,
});

/**
 * Measures and traces the requests of a server, and adds an id to the log lines that a request writes. A trace begins here:
 * the header `traceparent` of a public request is not trusted.
 *
 * @param routeOf returns the route without ids. Default: Fastify's route
 */
export function observeRequests(
  fastify: FastifyInstance,
  routeOf: (request: FastifyRequest) => string = (request) => request.routeOptions.url ?? 'unknown',
): void {
  const spans = new WeakMap<FastifyRequest, StartedSpan>();
  const inRequest = (request: FastifyRequest, run: () => void) => {
    withLogFields({ request: request.id }, () => {
      const started = spans.get(request);
      if (started) started.run(run);
      else run();
    });
  };
  fastify.addHook('onRequest', (request, reply, done) => {
    const startedAt = performance.now();
    const { method } = request;
    const route = routeOf(request);
    if (isTracing()) {
      const attributes = { 'http.request.method': method, 'http.route': route };
      spans.set(request, startSpan(`${method} ${route}`, { kind: 'server', parent: null, attributes }));
    }
    reply.raw.once('close', () => {
      // The client left before the answer: 499, as in the logs of nginx.
      const status = reply.raw.headersSent ? reply.raw.statusCode : 499;
      httpDuration.observe({ method, route, status }, (performance.now() - startedAt) / 1_000);
      const span = spans.get(request)?.span;
      span?.setAttribute('http.response.status_code', status);
      if (status >= 500) span?.setAttribute('error.type', String(status));
      span?.end();
    });
    inRequest(request, done);
  });
  // Once the body has arrived, the request continues in the context of its connection.
  fastify.addHook('preValidation', (request, _reply, done) => inRequest(request, done));
}
