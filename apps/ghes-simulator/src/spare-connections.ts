import type { Server, Socket } from 'node:net';

/**
 * Browsers keep spare connections open on which nothing was ever asked; Node does not count those as idle, and a server
 * that closes would wait for them. Watches a server, and answers what ends them.
 */
export function spareConnections(server: Server): () => void {
  const spare = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    spare.add(socket);
    socket.once('close', () => spare.delete(socket));
  });
  server.on('request', ({ socket }: { socket: Socket }) => spare.delete(socket));
  return () => spare.forEach((socket) => socket.destroy());
}
