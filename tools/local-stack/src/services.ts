import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DatabaseRole, ServiceRole } from '@reunite/database';
import type { DevelopmentIdentity } from '@reunite/testing';
import type { DataFolder } from './data-folder.js';
import type { Ports } from './ports.js';

/** Start order; services of one row start at the same time. They stop in reverse order. */
export const START_ORDER = [
  ['credential-vault', 'ghes-simulator'],
  ['webhook-ingest', 'preview-host', 'sync-worker', 'api'],
] as const;

export type ServiceName = (typeof START_ORDER)[number][number];
export const serviceNames: readonly ServiceName[] = START_ORDER.flat();

/** Services with a certificate for mutual TLS with the vault. */
export const certifiedServices = ['credential-vault', 'webhook-ingest', 'sync-worker', 'api'] as const;

export interface StackAddresses {
  readonly console: string;
  readonly api: string;
  readonly ingest: string;
  readonly simulator: string;
  /** Base URL of the preview host. Deployments have their own hosts, see `previewUrlTemplate`. */
  readonly previewHost: string;
  readonly previewUrlTemplate: string;
}

export function addressesOf(ports: Ports, simulatorScheme: 'http' | 'https' = 'http'): StackAddresses {
  const at = (port: number) => `http://localhost:${port}`;
  return {
    console: at(ports.api),
    api: at(ports.api),
    ingest: at(ports.ingest),
    simulator: `${simulatorScheme}://localhost:${ports.simulator}`,
    previewHost: at(ports.previewHost),
    previewUrlTemplate: `http://{host}.preview.localhost:${ports.previewHost}/`,
  };
}

/** Scheme and settings of the simulator. */
export interface SimulatorSettings {
  readonly scheme: 'http' | 'https';
  /** Its settings by environment variable. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface ServiceSurroundings {
  readonly workspaceRoot: string;
  readonly data: DataFolder;
  readonly ports: Ports;
  /** Redis; null for queues in PostgreSQL. */
  readonly queueUrl: string | null;
  /** URL of the database for one of its roles. */
  readonly databaseUrl: (role: DatabaseRole) => string;
  readonly identities: Readonly<Record<(typeof certifiedServices)[number], DevelopmentIdentity>>;
  readonly logLevel: string;
  readonly simulator: SimulatorSettings;
  /** Variables of this process that every service receives, e.g. `PATH` and `HOME`. */
  readonly system: Readonly<Record<string, string>>;
}

type Environment = Record<string, string>;

/** The environment of each service. Only the vault receives the key-encryption key and its database role. */
export function serviceEnvironments(around: ServiceSurroundings): Record<ServiceName, Environment> {
  const { data, ports, system, logLevel } = around;
  const addresses = addressesOf(ports);
  const listen = (port: number) => ({ ...system, LOG_LEVEL: logLevel, LISTEN_HOST: '127.0.0.1', PORT: String(port) });
  const bridge = (role: ServiceRole) => ({
    DATABASE_URL: around.databaseUrl(role),
    QUEUE_URL: around.queueUrl ?? around.databaseUrl(role),
  });
  const vault = (service: (typeof certifiedServices)[number]) => ({
    VAULT_ADDRESS: `127.0.0.1:${ports.vault}`,
    ...tls(around.identities[service]),
  });
  const content = { CONTENT_URL: urlOf(data.content) };
  const artifacts = { ARTIFACTS_URL: urlOf(data.artifacts), PREVIEW_URL_TEMPLATE: addresses.previewUrlTemplate };
  // The simulator uses HTTP on this machine, which services reject by default.
  const insecureHttp = { GHES_ALLOW_INSECURE_HTTP: 'true' };
  const servers = { ...insecureHttp, GHES_ALLOWED_CIDRS: '127.0.0.0/8,::1/128' };
  return {
    'credential-vault': {
      ...listen(ports.vault),
      ...servers,
      ...tls(around.identities['credential-vault']),
      DATABASE_URL: around.databaseUrl('reunite_vault'),
      KEK_URL: urlOf(join(data.keys, 'kek.json')),
    },
    'ghes-simulator': {
      ...system,
      LOG_LEVEL: logLevel,
      PORT: String(ports.simulator),
      DATA_FOLDER: data.simulator,
      ...around.simulator.environment,
    },
    'webhook-ingest': {
      ...listen(ports.ingest),
      ...bridge('reunite_ingest'),
      ...vault('webhook-ingest'),
      METRICS_PORT: String(ports.ingestMetrics),
    },
    'preview-host': {
      ...listen(ports.previewHost),
      DATABASE_URL: around.databaseUrl('reunite_preview'),
      ...artifacts,
      METRICS_PORT: String(ports.previewMetrics),
    },
    'sync-worker': {
      ...listen(ports.worker),
      ...bridge('reunite_worker'),
      ...vault('sync-worker'),
      ...content,
      ...artifacts,
      ...servers,
      CONSOLE_URL: addresses.console,
      WEBHOOK_PUBLIC_URL: addresses.ingest,
    },
    api: {
      ...listen(ports.api),
      ...bridge('reunite_api'),
      ...vault('api'),
      ...content,
      ...insecureHttp,
      GRPC_PORT: String(ports.apiGrpc),
      METRICS_PORT: String(ports.apiMetrics),
      PUBLIC_URL: addresses.api,
      WEBHOOK_PUBLIC_URL: addresses.ingest,
      PREVIEW_URL_TEMPLATE: addresses.previewUrlTemplate,
      CONSOLE_DIR: join(around.workspaceRoot, 'apps/console/dist'),
      LOCAL_SIGN_IN: 'true',
      LOCAL_SIGN_IN_KEY_FILE: join(data.keys, 'sign-in.json'),
    },
  };
}

function tls(files: DevelopmentIdentity): Environment {
  return { TLS_CA_FILE: files.caFile, TLS_CERT_FILE: files.certFile, TLS_KEY_FILE: files.keyFile };
}

function urlOf(path: string): string {
  return pathToFileURL(path).href;
}
