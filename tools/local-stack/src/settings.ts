import { port, readConfig } from '@reunite/platform';
import { z } from 'zod';
import type { LocalStackOptions } from './local-stack.js';
import { portNames, portTable } from './ports.js';
import type { Ports } from './ports.js';

const portOf = (name: keyof Ports) =>
  port.default(portTable[name].preset).describe(`Port of ${portTable[name].purpose}; 0 takes any free one`);

/** Everything that `npm start` can be told, as environment variables. */
export const settingsSchema = z.object({
  LOCAL_DATA_DIR: z.string().default('.local').describe('Folder that everything is kept in'),
  QUEUE_URL: z
    .url({ protocol: /^(redis|rediss|postgres|postgresql)$/ })
    .optional()
    .describe('Queue back end: redis://… of a running Redis or Valkey; PostgreSQL of the stack without it'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('Least level that the services log'),
  API_PORT: portOf('api'),
  INGEST_PORT: portOf('ingest'),
  VAULT_PORT: portOf('vault'),
  WORKER_PORT: portOf('worker'),
  API_GRPC_PORT: portOf('apiGrpc'),
  POSTGRES_PORT: portOf('postgres'),
  PREVIEW_PORT: portOf('previewHost'),
  SIMULATOR_PORT: portOf('simulator'),
});

/** @throws ConfigError that lists every fault */
export function readSettings(env: NodeJS.ProcessEnv): LocalStackOptions {
  const settings = readConfig(settingsSchema, env);
  const ports: Partial<Ports> = Object.fromEntries(portNames.map((name) => [name, settings[portTable[name].variable]]));
  return {
    dataDir: settings.LOCAL_DATA_DIR,
    queueUrl: settings.QUEUE_URL,
    logLevel: settings.LOG_LEVEL,
    ports,
  };
}
