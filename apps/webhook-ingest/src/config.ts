import { port, readConfig, tlsSettings } from '@reunite/platform';
import type { TlsConfig } from '@reunite/platform';
import { z } from 'zod';

const positive = z.coerce.number().int().positive();

export const ingestConfigSchema = z.object({
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('Least level that is logged'),
  LISTEN_HOST: z.string().default('127.0.0.1').describe('Address that the HTTP server listens on'),
  PORT: port.describe('Port that the HTTP server listens on; 0 lets the system choose'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .describe('PostgreSQL, as the role that owns schema bridge: postgres://reunite_bridge:…@host/reunite'),
  QUEUE_URL: z
    .url({ protocol: /^(postgres(ql)?|rediss?)$/ })
    .describe('Back end of the queues: postgres://… or redis://…'),
  VAULT_ADDRESS: z.string().describe('host:port of the credential vault, which knows the webhook secrets'),
  ...tlsSettings,
  MAX_BODY_BYTES: positive
    .default(25 * 1024 * 1024)
    .describe('Largest payload that is accepted; servers deliver up to 25 MB'),
  MAX_HELD_BYTES: positive
    .default(256 * 1024 * 1024)
    .describe('Bytes of payloads in memory at the same time; beyond it, requests are told to come again'),
  REQUEST_TIMEOUT_SECONDS: positive
    .default(15)
    .describe('How long a request may take to arrive; servers wait 30 seconds for the whole answer'),
  SECRET_CACHE_SECONDS: positive
    .default(60)
    .describe('How long a webhook secret is used before the vault is asked again'),
  SECRET_STALE_SECONDS: positive
    .default(900)
    .describe('How long a webhook secret is used while the vault cannot be reached'),
  SWEEP_INTERVAL_SECONDS: positive.default(15).describe('How often deliveries are looked for that no queue knows'),
  REENQUEUE_AFTER_SECONDS: positive
    .default(300)
    .describe('When a delivery that was enqueued and not processed is enqueued again: the queue may have lost it'),
});
export type IngestConfig = z.output<typeof ingestConfigSchema>;

/** What serving webhooks needs besides the vault. */
export type IngestSettings = Omit<IngestConfig, 'VAULT_ADDRESS' | keyof TlsConfig>;

export const readIngestConfig = (): IngestConfig => readConfig(ingestConfigSchema, process.env);
