import {
  artifactSettings,
  databaseSettings,
  metricsSettings,
  positiveInteger,
  previewSettings,
  readConfig,
  serverSettings,
} from '@reunite/platform';
import type { processSettings } from '@reunite/platform';
import { z } from 'zod';

export const previewHostConfigSchema = z.object({
  ...serverSettings,
  ...databaseSettings('reunite_preview'),
  ...artifactSettings,
  ...previewSettings,
  ...metricsSettings,
  REQUEST_TIMEOUT_SECONDS: positiveInteger
    .default(15)
    .describe('Time in which a request must have arrived, in seconds'),
  IDLE_TIMEOUT_SECONDS: positiveInteger
    .default(60)
    .describe('Time after which a connection without traffic is closed, in seconds'),
  MAX_CONNECTIONS: positiveInteger
    .default(5_000)
    .describe('Maximum number of open connections; further ones are closed at once'),
});
export type PreviewHostConfig = z.output<typeof previewHostConfigSchema>;

/** The settings of the server, without those of the process. */
export type PreviewHostSettings = Omit<PreviewHostConfig, keyof typeof processSettings>;

export const readPreviewHostConfig = (): PreviewHostConfig => readConfig(previewHostConfigSchema, process.env);
