import { logLevel, port, queueUrl, readConfig } from '@reunite/platform';
import { z } from 'zod';
import type { LocalStackOptions } from './local-stack.js';
import { portNames, PORT_TABLE } from './ports.js';
import type { Ports } from './ports.js';

const portOf = (name: keyof Ports) =>
  port.default(PORT_TABLE[name].preset).describe(`Port of ${PORT_TABLE[name].purpose}; 0 selects a free one`);

/** Settings of `npm start` by environment variable. */
export const settingsSchema = z.object({
  LOCAL_DATA_DIR: z.string().default('.local').describe('Folder for all data'),
  QUEUE_URL: queueUrl
    .optional()
    .describe('Queue back end: redis://… of a running Redis or Valkey. Default: the PostgreSQL of the stack'),
  LOG_LEVEL: logLevel,
  API_PORT: portOf('api'),
  INGEST_PORT: portOf('ingest'),
  VAULT_PORT: portOf('vault'),
  WORKER_PORT: portOf('worker'),
  API_GRPC_PORT: portOf('apiGrpc'),
  POSTGRES_PORT: portOf('postgres'),
  API_METRICS_PORT: portOf('apiMetrics'),
  INGEST_METRICS_PORT: portOf('ingestMetrics'),
  PREVIEW_METRICS_PORT: portOf('previewMetrics'),
  PREVIEW_PORT: portOf('previewHost'),
  SIMULATOR_PORT: portOf('simulator'),
});

/** @throws ConfigError that lists every violation */
export function readSettings(env: NodeJS.ProcessEnv): LocalStackOptions {
  const settings = readConfig(settingsSchema, env);
  const ports: Partial<Ports> = Object.fromEntries(
    portNames.map((name) => [name, settings[PORT_TABLE[name].variable]]),
  );
  return {
    dataDir: settings.LOCAL_DATA_DIR,
    queueUrl: settings.QUEUE_URL,
    logLevel: settings.LOG_LEVEL,
    ports,
  };
}
