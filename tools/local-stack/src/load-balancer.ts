import { Agent, createServer as createHttpServer, request as sendRequest } from 'node:http';
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A replica of a service. */
export interface Backend {
  readonly port: number;
  /** Address of its `/readyz`. */
  readonly readyUrl: string;
}

const HOST = '127.0.0.1';
const PROBE_INTERVAL_MS = 100;

/**
 * Distributes the requests to one port over replicas, in turn, like the load balancer in front of a service in production: only
 * replicas whose `/readyz` answers 200 receive requests. For local stacks with several replicas.
 */
export class LoadBalancer {
  private readonly ready = new Set<Backend>();
  private readonly sockets = new Set<Socket>();
  /** Connections are not reused: a replica may close an idle one in the moment of the next request. */
  private readonly agent = new Agent({ keepAlive: false });
  private turn = 0;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  private constructor(
    private readonly backends: readonly Backend[],
    private readonly server: Server | HttpServer | null,
  ) {}

  /** @param protocol `tcp` distributes connections, for gRPC */
  static async start(port: number, backends: readonly Backend[], protocol: 'http' | 'tcp'): Promise<LoadBalancer> {
    const server = protocol === 'http' ? createHttpServer() : createTcpServer();
    const balancer = new LoadBalancer(backends, server);
    if (protocol === 'http') {
      server.on('request', (request: IncomingMessage, response: ServerResponse) => balancer.forward(request, response));
    } else server.on('connection', (socket: Socket) => balancer.pipe(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, HOST, resolve);
    });
    await balancer.probe();
    return balancer;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.server?.close();
    if (this.server && 'closeAllConnections' in this.server) this.server.closeAllConnections();
    for (const socket of this.sockets) socket.destroy();
    this.agent.destroy();
  }

  /** Resolves when all replicas receive requests: only then may the next one stop. */
  async untilAllReady(): Promise<void> {
    while (!this.closed && this.ready.size < this.backends.length) await pause(PROBE_INTERVAL_MS);
  }

  private async probe(): Promise<void> {
    await Promise.all(
      this.backends.map(async (backend) => {
        const answer = await fetch(backend.readyUrl, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
        if (answer?.ok) this.ready.add(backend);
        else this.ready.delete(backend);
        await answer?.body?.cancel();
      }),
    );
    if (!this.closed) this.timer = setTimeout(() => void this.probe(), PROBE_INTERVAL_MS);
  }

  private next(): Backend | undefined {
    const ready = this.backends.filter((backend) => this.ready.has(backend));
    return ready[this.turn++ % ready.length];
  }

  private forward(incoming: IncomingMessage, response: ServerResponse): void {
    const backend = this.next();
    if (!backend) {
      response.writeHead(503).end();
      return;
    }
    const { method, url: path, headers } = incoming;
    const outgoing = sendRequest({ host: HOST, port: backend.port, method, path, headers, agent: this.agent });
    outgoing.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    });
    outgoing.once('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    response.once('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  }

  private pipe(socket: Socket): void {
    const backend = this.next();
    if (!backend) {
      socket.destroy();
      return;
    }
    const upstream = connect(backend.port, HOST);
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      this.sockets.add(from);
      from.once('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      from.on('error', () => to.destroy());
      from.pipe(to);
    }
  }
}
