import { list, port, readConfig } from '@reunite/platform';
import { z } from 'zod';

export const configSchema = z.object({
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'fatal']).default('info').describe('What is logged'),
  LISTEN_HOST: z.string().default('127.0.0.1').describe('Address that health and metrics listen on'),
  PORT: port.default(4330).describe('Port of health and metrics; 0 lets the system choose'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).describe('PostgreSQL, role reunite_bridge'),
  QUEUE_URL: z.url().describe('Queue back end: postgres://… or redis://…'),
  VAULT_ADDRESS: z
    .string()
    .regex(/^[^:]+:\d+$/)
    .describe('host:port of credential-vault'),
  TLS_CA_FILE: z.string().describe('PEM of the authority that service certificates come from'),
  TLS_CERT_FILE: z.string().describe('PEM of this service’s certificate'),
  TLS_KEY_FILE: z.string().describe('PEM of this service’s private key'),
  CONTENT_URL: z.url({ protocol: /^file$/ }).describe('Content store: file:///folder'),
  ARTIFACTS_URL: z.url({ protocol: /^file$/ }).describe('Where built deployments are kept: file:///folder'),
  CONSOLE_URL: z.url().describe('Origin of the console: commit statuses link to its deployment pages'),
  PREVIEW_URL_TEMPLATE: z
    .string()
    .regex(/^https?:\/\/\{host\}\./)
    .describe('Address of a deployment, {host} stands for its host label: https://{host}.previews.example.com/'),
  GHES_ALLOWED_CIDRS: list
    .default([])
    .describe('Address ranges that servers may lie in although they are refused otherwise, e.g. 127.0.0.0/8'),
  GHES_REQUEST_CONCURRENCY: z.coerce.number().int().min(1).default(8).describe('Requests at a time per connection'),
  MAX_PACK_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(1024 ** 3)
    .describe('Largest answer to one sync, in bytes'),
  BUILD_TIMEOUT_SECONDS: z.coerce.number().int().min(1).default(600).describe('A build that takes longer fails'),
  RECONCILE_INTERVAL_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .default(300)
    .describe('How often a connected repository is compared with its server'),
  SWEEP_INTERVAL_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .default(30)
    .describe('How often work is looked for that no job stands for'),
});

export type Config = z.output<typeof configSchema>;

export function loadConfig(): Config {
  return readConfig(configSchema, process.env);
}
