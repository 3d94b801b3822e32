import {
  databaseSettings,
  metricsSettings,
  positiveInteger,
  queueSettings,
  readConfig,
  serverSettings,
  vaultClientSettings,
} from '@reunite/platform';
import type { processSettings } from '@reunite/platform';
import { z } from 'zod';

export const ingestConfigSchema = z.object({
  ...serverSettings,
  ...databaseSettings('reunite_ingest'),
  ...queueSettings,
  ...vaultClientSettings,
  ...metricsSettings,
  MAX_BODY_BYTES: positiveInteger
    .default(25 * 1024 * 1024)
    .describe('Maximum size of a payload, in bytes; GitHub limits payloads to 25 MB'),
  MAX_BUFFERED_BYTES: positiveInteger
    .default(256 * 1024 * 1024)
    .describe('Maximum size of all payloads in memory, in bytes; requests above it are answered 503'),
  REQUEST_TIMEOUT_SECONDS: positiveInteger
    .default(15)
    .describe('Maximum time for a request to arrive, in seconds; servers wait 30 seconds for the response'),
  SMALL_BODY_BYTES: positiveInteger
    .default(256 * 1024)
    .describe('Maximum size of a small payload, in bytes; a quarter of MAX_BUFFERED_BYTES is reserved for small ones'),
  MIN_BYTES_PER_SECOND: positiveInteger
    .default(32 * 1024)
    .describe('Minimum average rate of a payload after 3 seconds, in bytes per second; slower requests are ended'),
  MAX_CONNECTIONS: positiveInteger.default(2_000).describe('Maximum number of open client connections'),
  TRUSTED_PROXY_HOPS: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('Number of trusted proxies in front that append to X-Forwarded-For; 0 uses the address of the peer'),
  SECRET_CACHE_SECONDS: positiveInteger
    .default(60)
    .describe('How long a webhook secret is cached before the vault is asked again, in seconds'),
  SECRET_STALE_SECONDS: positiveInteger
    .default(900)
    .describe('How long a cached webhook secret is used while the vault cannot be reached, in seconds'),
});
export type IngestConfig = z.output<typeof ingestConfigSchema>;

/** The settings that the HTTP side needs: everything but those of the process and of the client of the vault. */
export type IngestSettings = Omit<IngestConfig, keyof typeof vaultClientSettings | keyof typeof processSettings>;

export const readIngestConfig = (): IngestConfig => readConfig(ingestConfigSchema, process.env);
