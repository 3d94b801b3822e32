import { artifactSettings, databaseSettings, previewSettings, readConfig, serverSettings } from '@reunite/platform';
import { z } from 'zod';

export const previewHostConfigSchema = z.object({
  ...serverSettings,
  ...databaseSettings('reunite_bridge'),
  ...artifactSettings,
  ...previewSettings,
});
export type PreviewHostConfig = z.output<typeof previewHostConfigSchema>;

export const readPreviewHostConfig = (): PreviewHostConfig => readConfig(previewHostConfigSchema, process.env);
