import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DatabaseRole, ServiceRole } from '@reunite/database';
import type { DevelopmentIdentity } from '@reunite/testing';
import type { DataFolder } from './data-folder.js';
import type { Ports } from './ports.js';

/** In the order in which they are started; those of one row at the same time. They stop the other way round. */
export const START_ORDER = [
  ['credential-vault', 'ghes-simulator'],
  ['webhook-ingest', 'preview-host', 'sync-worker', 'api'],
] as const;

export type ServiceName = (typeof START_ORDER)[number][number];
export const serviceNames: readonly ServiceName[] = START_ORDER.flat();

/** The services that prove who they are to the vault. */
export const identified = ['credential-vault', 'webhook-ingest', 'sync-worker', 'api'] as const;

export interface StackAddresses {
  readonly console: string;
  readonly api: string;
  readonly ingest: string;
  readonly simulator: string;
  /** Where the preview host listens; a deployment has an address of its own, see `previewUrlTemplate`. */
  readonly previewHost: string;
  readonly previewUrlTemplate: string;
}

export function addressesOf(ports: Ports): StackAddresses {
  const at = (port: number) => `http://localhost:${port}`;
  return {
    console: at(ports.api),
    api: at(ports.api),
    ingest: at(ports.ingest),
    simulator: at(ports.simulator),
    previewHost: at(ports.previewHost),
    previewUrlTemplate: `http://{host}.preview.localhost:${ports.previewHost}/`,
  };
}

export interface ServiceSurroundings {
  readonly workspaceRoot: string;
  readonly data: DataFolder;
  readonly ports: Ports;
  /** Redis; null for queues in PostgreSQL. */
  readonly queueUrl: string | null;
  /** URL of the database for one of its roles. */
  readonly databaseUrl: (role: DatabaseRole) => string;
  readonly identities: Readonly<Record<(typeof identified)[number], DevelopmentIdentity>>;
  readonly logLevel: string;
  /** `PATH` and `HOME`: what a program needs to run at all. */
  readonly system: Readonly<Record<string, string>>;
}

type Environment = Record<string, string>;

/** What each service is told. Only the vault knows the key-encryption key and its own database role. */
export function serviceEnvironments(around: ServiceSurroundings): Record<ServiceName, Environment> {
  const { data, ports, system, logLevel } = around;
  const addresses = addressesOf(ports);
  const listen = (port: number) => ({ ...system, LOG_LEVEL: logLevel, LISTEN_HOST: '127.0.0.1', PORT: String(port) });
  const bridge = (role: ServiceRole) => ({
    DATABASE_URL: around.databaseUrl(role),
    QUEUE_URL: around.queueUrl ?? around.databaseUrl(role),
  });
  const vault = (service: (typeof identified)[number]) => ({
    VAULT_ADDRESS: `127.0.0.1:${ports.vault}`,
    ...tls(around.identities[service]),
  });
  const content = { CONTENT_URL: urlOf(data.content) };
  const artifacts = { ARTIFACTS_URL: urlOf(data.artifacts), PREVIEW_URL_TEMPLATE: addresses.previewUrlTemplate };
  // The simulator is on this machine and speaks http, which services refuse unless they are told.
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
    },
    'webhook-ingest': { ...listen(ports.ingest), ...bridge('reunite_ingest'), ...vault('webhook-ingest') },
    'preview-host': {
      ...listen(ports.previewHost),
      DATABASE_URL: around.databaseUrl('reunite_preview'),
      ...artifacts,
    },
    'sync-worker': {
      ...listen(ports.worker),
      ...bridge('reunite_worker'),
      ...vault('sync-worker'),
      ...content,
      ...artifacts,
      ...servers,
      CONSOLE_URL: addresses.console,
    },
    api: {
      ...listen(ports.api),
      ...bridge('reunite_api'),
      ...vault('api'),
      ...content,
      ...insecureHttp,
      GRPC_PORT: String(ports.apiGrpc),
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
