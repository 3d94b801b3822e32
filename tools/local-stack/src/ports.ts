import { randomInt } from 'node:crypto';
import getPort, { clearLockedPorts } from 'get-port';
import { LocalStackError } from './local-stack.error.js';

/** Ports of the stack with their defaults, their purposes, and the variables that change them. */
export const PORT_TABLE = {
  api: { variable: 'API_PORT', preset: 4300, purpose: 'the console and the API' },
  ingest: { variable: 'INGEST_PORT', preset: 4310, purpose: 'webhook-ingest' },
  vault: { variable: 'VAULT_PORT', preset: 4320, purpose: 'credential-vault' },
  worker: { variable: 'WORKER_PORT', preset: 4330, purpose: 'the health checks of sync-worker' },
  apiGrpc: { variable: 'API_GRPC_PORT', preset: 4340, purpose: 'the gRPC API' },
  postgres: { variable: 'POSTGRES_PORT', preset: 4350, purpose: 'PostgreSQL' },
  apiMetrics: { variable: 'API_METRICS_PORT', preset: 4360, purpose: 'the metrics of the API' },
  ingestMetrics: { variable: 'INGEST_METRICS_PORT', preset: 4361, purpose: 'the metrics of webhook-ingest' },
  previewMetrics: { variable: 'PREVIEW_METRICS_PORT', preset: 4362, purpose: 'the metrics of preview-host' },
  previewHost: { variable: 'PREVIEW_PORT', preset: 4400, purpose: 'preview-host' },
  simulator: { variable: 'SIMULATOR_PORT', preset: 4500, purpose: 'the GHES simulator' },
} as const;

export type PortName = keyof typeof PORT_TABLE;
export type Ports = Readonly<Record<PortName, number>>;

export const portNames = Object.keys(PORT_TABLE) as PortName[];

// Below the range of ports for outgoing connections on Linux, which could take a port before it is used.
const PRIVATE_FROM = 20_000;
const PRIVATE_TO = 32_000;
const ATTEMPTS = 20;

/**
 * Selects the ports of a stack. A port of 0 is replaced by a free one.
 *
 * @throws LocalStackError that names a port in use, its purpose, and how to choose another
 */
export async function claimPorts(requested: Partial<Ports>): Promise<Ports> {
  // get-port rejects ports that it returned before, but a stack that starts again uses its earlier ports.
  clearLockedPorts();
  const claimed: Partial<Record<PortName, number>> = {};
  for (const name of portNames) claimed[name] = await claim(name, requested[name] ?? PORT_TABLE[name].preset);
  return claimed as Ports;
}

/** A free port for a process that only others of the stack connect to. */
export function freePort(): Promise<number> {
  return getPort({ port: randomPorts() });
}

/** Random, because two stacks that start at the same time must not choose the same ports. */
function randomPorts(): number[] {
  return Array.from({ length: ATTEMPTS }, () => randomInt(PRIVATE_FROM, PRIVATE_TO));
}

/** `getPort` checks all local addresses: browsers try `::1` first, where another program could listen. */
async function claim(name: PortName, port: number): Promise<number> {
  const candidates = port === 0 ? randomPorts() : [port];
  const free = await getPort({ port: candidates });
  if (candidates.includes(free)) return free;
  const { variable, purpose } = PORT_TABLE[name];
  throw new LocalStackError(
    `Port ${port}, needed for ${purpose}, is in use. Free it, or choose another: ${variable}=<port> npm start`,
  );
}
