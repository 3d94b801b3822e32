import { port, readConfig } from '@reunite/platform';
import { z } from 'zod';

export const previewHostConfigSchema = z.object({
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('Lowest level that is logged'),
  LISTEN_HOST: z.string().default('127.0.0.1').describe('Address the HTTP server listens on'),
  PORT: port.describe('Port of the HTTP server; 0 lets the system choose'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .describe('PostgreSQL, as a role that may SELECT from deployment and project of schema bridge'),
  ARTIFACTS_URL: z.url({ protocol: /^file$/ }).describe('Folder of built deployments: file:///absolute/folder'),
  PREVIEW_URL_TEMPLATE: z
    .string()
    .regex(/^https?:\/\/\{host\}\.[^/{}]+\/$/, 'must be like https://{host}.previews.example.com/')
    .describe('Address of a preview, e.g. https://{host}.previews.example.com/'),
});
export type PreviewHostConfig = z.output<typeof previewHostConfigSchema>;

export const readPreviewHostConfig = (): PreviewHostConfig => readConfig(previewHostConfigSchema, process.env);
