import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { LocalStackError } from './local-stack.error.js';

/** Everything that listens: where, on whose behalf, and the variable that moves it. */
export const PORT_TABLE = {
  api: { variable: 'API_PORT', preset: 4300, purpose: 'the console and the API' },
  ingest: { variable: 'INGEST_PORT', preset: 4310, purpose: 'webhook-ingest' },
  vault: { variable: 'VAULT_PORT', preset: 4320, purpose: 'credential-vault' },
  worker: { variable: 'WORKER_PORT', preset: 4330, purpose: 'the health checks of sync-worker' },
  apiGrpc: { variable: 'API_GRPC_PORT', preset: 4340, purpose: 'the gRPC API' },
  postgres: { variable: 'POSTGRES_PORT', preset: 4350, purpose: 'PostgreSQL' },
  previewHost: { variable: 'PREVIEW_PORT', preset: 4400, purpose: 'preview-host' },
  simulator: { variable: 'SIMULATOR_PORT', preset: 4500, purpose: 'the GHES simulator' },
} as const;

export type PortName = keyof typeof PORT_TABLE;
export type Ports = Readonly<Record<PortName, number>>;

export const portNames = Object.keys(PORT_TABLE) as PortName[];

// Below the range that Linux takes the ports of outgoing connections from: nobody takes one away before it is used.
const PRIVATE_FROM = 20_000;
const PRIVATE_TO = 32_000;
const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * The ports of one run, all of them free right now. A port of 0 is replaced by a free one.
 *
 * @throws LocalStackError that names a port that is in use, who needs it, and how to choose another.
 */
export async function claimPorts(wanted: Partial<Ports>): Promise<Ports> {
  const held: Server[] = [];
  const claimed: Partial<Record<PortName, number>> = {};
  try {
    for (const name of portNames) claimed[name] = await claim(name, wanted[name] ?? PORT_TABLE[name].preset, held);
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
  return claimed as Ports;
}

async function claim(name: PortName, port: number, held: Server[]): Promise<number> {
  if (port !== 0) {
    if (await hold(port, held)) return port;
    const { variable, purpose } = PORT_TABLE[name];
    throw new LocalStackError(
      `Port ${port} is in use; it is meant for ${purpose}. Free it, or choose another: ${variable}=<port> npm start`,
    );
  }
  for (;;) {
    const candidate = PRIVATE_FROM + Math.floor(Math.random() * (PRIVATE_TO - PRIVATE_FROM));
    if (await hold(candidate, held)) return candidate;
  }
}

/** Both loopback addresses: a browser tries `::1` first, and must not meet somebody else there. */
async function hold(port: number, held: Server[]): Promise<boolean> {
  for (const host of LOOPBACK) {
    const server = await listen(port, host);
    if (server === 'taken') return false;
    if (server !== 'no-such-address') held.push(server);
  }
  return true;
}

function listen(port: number, host: string): Promise<Server | 'taken' | 'no-such-address'> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT' ? 'no-such-address' : 'taken'),
    );
    server.listen({ port, host, exclusive: true }, () => resolve(server));
  });
}
