import type { Backend } from './load-balancer.js';
import { freePort } from './ports.js';
import type { PortName } from './ports.js';
import type { ServiceName } from './services.js';

/** Number of processes of each service. Default: 1. */
export type Replicas = Partial<Record<Exclude<ServiceName, 'ghes-simulator'>, number>>;

/** A process of a service that has several. */
export interface Replica {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly backend: Backend;
}

/** Time for which a stopping replica keeps serving, so that the load balancer stops sending requests first. */
const SHUTDOWN_DELAY_SECONDS = '1';

/** The port in front of the replicas of a service. Nothing sends requests to a worker. */
export const BALANCED_PORTS: Partial<
  Record<ServiceName, { readonly port: PortName; readonly protocol: 'http' | 'tcp' }>
> = {
  api: { port: 'api', protocol: 'http' },
  'webhook-ingest': { port: 'ingest', protocol: 'http' },
  'preview-host': { port: 'previewHost', protocol: 'http' },
  'credential-vault': { port: 'vault', protocol: 'tcp' },
};

/** The replicas of a service, each with ports of its own. The first one has the name of the service. */
export async function replicasOf(
  service: ServiceName,
  count: number,
  env: Readonly<Record<string, string>>,
): Promise<Replica[]> {
  const replicas: Replica[] = [];
  for (let number = 1; number <= count; number++) {
    const [port, metricsPort, grpcPort] = [await freePort(), await freePort(), await freePort()];
    const healthPort = service === 'credential-vault' ? metricsPort : port;
    replicas.push({
      name: number === 1 ? service : `${service}-${number}`,
      env: {
        ...env,
        PORT: String(port),
        ...(service !== 'sync-worker' && { METRICS_PORT: String(metricsPort) }),
        ...(service === 'api' && { GRPC_PORT: String(grpcPort) }),
        SHUTDOWN_DELAY_SECONDS,
      },
      backend: { port, readyUrl: `http://127.0.0.1:${healthPort}/readyz` },
    });
  }
  return replicas;
}
