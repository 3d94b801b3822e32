import type { FastifyInstance } from 'fastify';
import { matchesRoute } from '../route-pattern.js';

/** A request that the server received, with the status of its answer. */
export interface RecordedRequest {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly authorization: string | null;
  /** The parsed body; null for Git and for bodies over 64 KiB. */
  // eslint-disable-next-line no-restricted-syntax -- known after the headers
  body: unknown;
  /** Null until it is answered. */
  // eslint-disable-next-line no-restricted-syntax -- known at the end
  status: number | null;
  /** True if the client closed the connection before the answer. */
  // eslint-disable-next-line no-restricted-syntax -- known at the end
  aborted: boolean;
}

/** The log must not grow without bound. */
const MOST_REQUESTS = 5_000;
const MOST_BODY_BYTES = 64 * 1024;

/** The latest requests in the order of their arrival, in memory, so that tests can assert what a client sent. */
export class RequestLog {
  private requests: RecordedRequest[] = [];

  /** Records all requests of `app` but those of the control itself. */
  observe(app: FastifyInstance): void {
    const pending = new WeakMap<object, RecordedRequest>();
    app.addHook('onRequest', (request, { raw }, done) => {
      const { method, url, headers } = request;
      if (!url.startsWith('/_simulator/')) {
        const entry = {
          method,
          url,
          authorization: headers.authorization ?? null,
          body: null,
          status: null,
          aborted: false,
        };
        pending.set(request, entry);
        raw.once('close', () => (entry.aborted = !raw.writableFinished));
        this.requests.push(entry);
        if (this.requests.length > MOST_REQUESTS) this.requests.shift();
      }
      done();
    });
    app.addHook('preHandler', (request, _reply, done) => {
      const entry = pending.get(request);
      if (entry) entry.body = recordable(request.body, Number(request.headers['content-length'] ?? 0));
      done();
    });
    app.addHook('onResponse', (request, reply, done) => {
      const entry = pending.get(request);
      if (entry) entry.status = reply.statusCode;
      done();
    });
  }

  /** @param route only requests that match this pattern */
  list(route = '* /*'): readonly RecordedRequest[] {
    return this.requests.filter(({ method, url }) => matchesRoute(route, method, url));
  }

  clear(): void {
    this.requests = [];
  }
}

function recordable(body: unknown, bytes: number): unknown {
  const isPlain = typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === Object.prototype;
  return isPlain && bytes <= MOST_BODY_BYTES ? body : null;
}
