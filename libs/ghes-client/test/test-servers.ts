import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGhesClient } from '../src/client.js';
import type { GhesClient, GhesClientOptions } from '../src/client.js';
import { ghesNetwork } from '../src/network/ghes-network.js';
import type { GhesNetwork, GhesNetworkOptions } from '../src/network/ghes-network.js';

/** A request that a test server received. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A test server on its own port. */
export interface LocalServer {
  readonly origin: string;
  readonly port: number;
  /** The received requests, in order. */
  readonly requests: RecordedRequest[];
  close(): Promise<void>;
}

/** Starts a server that records each request and calls `answer` to respond. */
async function startServer(
  answer: (request: RecordedRequest, response: ServerResponse) => void,
  create: (listener: RequestListener) => Server = createServer,
): Promise<LocalServer> {
  const requests: RecordedRequest[] = [];
  const server = create((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const arrived = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      requests.push(arrived);
      answer(arrived, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, port, requests, close: () => closeServer(server) };
}

/** Sends a JSON response. */
export function json(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

interface Closable {
  close(): Promise<void>;
}

/** Servers, networks and clients of one test, closed together. */
export class TestServers {
  private readonly open: Closable[] = [];

  /** Closes `closable` together with the servers. @returns it */
  own<T extends Closable>(closable: T): T {
    this.open.push(closable);
    return closable;
  }

  async serve(...parameters: Parameters<typeof startServer>): Promise<LocalServer> {
    return this.own(await startServer(...parameters));
  }

  network({ limits, ...options }: GhesNetworkOptions = {}): GhesNetwork {
    const settings = { allowedCidrs: ['127.0.0.0/8'], limits: { retryDelayMs: 1, ...limits }, ...options };
    return this.own(ghesNetwork(settings));
  }

  client(origin: string, options: Partial<GhesClientOptions> = {}): GhesClient {
    const auth = { type: 'installation', token: () => Promise.resolve('SECRET') } as const;
    return createGhesClient({ origin, auth, network: options.network ?? this.network(), ...options });
  }

  async close(): Promise<void> {
    for (const closable of this.open.splice(0).reverse()) await closable.close();
  }
}

/** Returns the reason that a promise is rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('The promise was not rejected.');
    },
    (error: unknown) => error,
  );
}
