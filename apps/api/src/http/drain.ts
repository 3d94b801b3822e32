import type { Server, ServerResponse } from 'node:http';

const CHECK_MS = 25;
const GRACE_MS = 20_000;

/**
 * Closes connections as soon as no request runs on any, while the server closes. Node itself closes only what has been
 * used and is idle at that moment: a connection that a browser opened in advance would hold the process for good
 * (https://nodejs.org/docs/latest-v20.x/api/http.html#servercloseidleconnections).
 *
 * @returns runs `close` that way
 */
export function drained(server: Server): (close: () => Promise<void>) => Promise<void> {
  const running = new Set<ServerResponse>();
  server.on('request', (_request, response: ServerResponse) => {
    running.add(response);
    response.once('close', () => running.delete(response));
  });
  return async (close) => {
    const deadline = Date.now() + GRACE_MS;
    const check = setInterval(() => {
      if (running.size === 0 || Date.now() > deadline) server.closeAllConnections();
    }, CHECK_MS);
    await close();
    clearInterval(check);
  };
}
