import {
  databaseSettings,
  positiveInteger,
  queueSettings,
  readConfig,
  serverSettings,
  vaultClientSettings,
} from '@reunite/platform';
import { z } from 'zod';

export const ingestConfigSchema = z.object({
  ...serverSettings,
  ...databaseSettings('reunite_ingest'),
  ...queueSettings,
  ...vaultClientSettings,
  MAX_BODY_BYTES: positiveInteger
    .default(25 * 1024 * 1024)
    .describe('Maximum size of a payload, in bytes; GitHub limits payloads to 25 MB'),
  MAX_HELD_BYTES: positiveInteger
    .default(256 * 1024 * 1024)
    .describe('Maximum size of all payloads in memory, in bytes; requests above it are answered 503'),
  REQUEST_TIMEOUT_SECONDS: positiveInteger
    .default(15)
    .describe('Maximum time for a request to arrive, in seconds; servers wait 30 seconds for the response'),
  SECRET_CACHE_SECONDS: positiveInteger
    .default(60)
    .describe('How long a webhook secret is cached before the vault is asked again, in seconds'),
  SECRET_STALE_SECONDS: positiveInteger
    .default(900)
    .describe('How long a cached webhook secret is used while the vault cannot be reached, in seconds'),
  SWEEP_INTERVAL_SECONDS: positiveInteger
    .default(15)
    .describe('Interval between sweeps for deliveries that are in no queue, in seconds'),
  REENQUEUE_AFTER_SECONDS: positiveInteger
    .default(300)
    .describe('Age at which an enqueued delivery that is not processed is enqueued again, in seconds'),
});
export type IngestConfig = z.output<typeof ingestConfigSchema>;

/** The settings that the HTTP side needs: everything but the client of the vault. */
export type IngestSettings = Omit<IngestConfig, keyof typeof vaultClientSettings>;

export const readIngestConfig = (): IngestConfig => readConfig(ingestConfigSchema, process.env);
