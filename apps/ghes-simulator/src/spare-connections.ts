import type { Server, Socket } from 'node:net';

/**
 * Browsers open spare connections without a request. Node does not count those as idle, so closing a server would wait
 * for them. Tracks them. @returns a function that closes them
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
