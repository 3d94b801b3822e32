import type { GhesClient, GhesClientOptions } from '../src/client.js';
import { createGhesClient } from '../src/client.js';
import type { GhesNetwork, GhesNetworkOptions } from '../src/network/ghes-network.js';
import { ghesNetwork } from '../src/network/ghes-network.js';
import type { LocalServer } from './local-server.js';
import { startServer } from './local-server.js';

/** Servers, networks and clients of one test, closed together. */
export class TestServers {
  private readonly cleanUp: (() => Promise<void>)[] = [];

  async serve(...parameters: Parameters<typeof startServer>): Promise<LocalServer> {
    const server = await startServer(...parameters);
    this.cleanUp.push(() => server.close());
    return server;
  }

  network({ limits, ...options }: GhesNetworkOptions = {}): GhesNetwork {
    const network = ghesNetwork({ allowedCidrs: ['127.0.0.0/8'], limits: { retryDelayMs: 1, ...limits }, ...options });
    this.cleanUp.push(() => network.close());
    return network;
  }

  client(origin: string, options: Partial<GhesClientOptions> = {}): GhesClient {
    const auth = { type: 'installation', token: () => Promise.resolve('SECRET') } as const;
    return createGhesClient({ origin, auth, network: options.network ?? this.network(), ...options });
  }

  async close(): Promise<void> {
    for (const close of this.cleanUp.splice(0).reverse()) await close();
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
