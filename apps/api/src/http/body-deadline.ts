import type { FastifyRequest } from 'fastify';
import { isTooSlow } from '../limits/upload-pace.js';
import type { UploadPace } from '../limits/upload-pace.js';
import { isUpload } from './upload-bodies.js';

/** The used part of Fastify. */
interface Hooks {
  addHook(name: 'onRequest', hook: (request: FastifyRequest, reply: unknown, done: () => void) => void): unknown;
}

const CHECK_MS = 1_000;
/** As Node.js answers at its own timeout, which has one value for all routes. */
const TIMED_OUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';

/**
 * Ends requests whose body is not complete in time: after `graceMs`, and for uploads after a second more for each
 * `bytesPerSecond` that arrived, so that a large file may take longer, and an idle sender may not.
 */
export function limitBodyTime(fastify: Hooks, pace: UploadPace): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { headers, raw } = request;
    if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined) {
      const { socket } = raw;
      const startedAt = performance.now();
      const bytesBefore = socket.bytesRead;
      const timer = setInterval(
        () => {
          if (raw.complete || socket.destroyed) clearInterval(timer);
          else {
            const bytes = isUpload(request) ? socket.bytesRead - bytesBefore : 0;
            if (isTooSlow(pace, performance.now() - startedAt, bytes)) socket.end(TIMED_OUT, () => socket.destroy());
          }
        },
        Math.min(CHECK_MS, pace.graceMs / 2),
      ).unref();
      raw.once('close', () => clearInterval(timer));
    }
    done();
  });
}
