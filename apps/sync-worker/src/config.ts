import type { QueueName } from '@reunite/contracts';
import {
  allowedCidrs,
  artifactSettings,
  contentSettings,
  databaseSettings,
  list,
  previewSettings,
  queueSettings,
  readConfig,
  serverSettings,
  vaultClientSettings,
} from '@reunite/platform';
import { queueNames } from '@reunite/queueing';
import { defaultBuildLimits } from '@reunite/site-builder';
import type { BuildLimits } from '@reunite/site-builder';
import { z } from 'zod';

const limit = (fallback: number, what: string) => z.coerce.number().int().min(1).default(fallback).describe(what);

/** `queue=slots` pairs, separated by commas. */
const slots = list.transform((pairs, context) => {
  const entries = pairs.map((pair) => /^([a-z-]+)=([1-9]\d{0,2})$/.exec(pair));
  for (const [index, match] of entries.entries()) {
    if (match?.[1] && queueNames.includes(match[1] as QueueName)) continue;
    const message = `"${pairs[index] ?? ''}" is no queue=slots pair; queues: ${queueNames.join(', ')}`;
    context.addIssue({ code: 'custom', message });
  }
  return Object.fromEntries(entries.map((match) => [match?.[1] ?? '', Number(match?.[2])]));
});

export const configSchema = z.object({
  ...serverSettings,
  ...databaseSettings('reunite_worker'),
  ...queueSettings,
  ...vaultClientSettings,
  ...contentSettings,
  ...artifactSettings,
  CONSOLE_URL: z.url().describe('Origin of the console: commit statuses link to its deployment pages'),
  ...previewSettings,
  ...allowedCidrs,
  GHES_REQUEST_CONCURRENCY: z.coerce.number().int().min(1).default(8).describe('Requests at a time per connection'),
  MAX_PACK_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .default(1024 ** 3)
    .describe('Largest answer to one sync, in bytes'),
  JOB_SLOTS: slots.default({}).describe('Jobs that run at a time per queue, e.g. content-sync=8,deployments=3'),
  SLOW_JOB_SECONDS: limit(3, 'A connection with a longer job is slow: it and other slow ones share half of the slots'),
  BUILD_TIMEOUT_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .default(600)
    .describe('A build or check that takes longer fails'),
  BUILD_MEMORY_MB: limit(512, 'A build or check that needs more memory (megabytes of JavaScript heap) fails'),
  BUILD_MAX_STARTS: limit(5, 'A build or check whose worker was killed so often fails'),
  BUILD_CACHE_MB: limit(64, 'Rendered pages that are kept per project, so that only changed ones are rendered again'),
  BUILD_MAX_FILES: limit(defaultBuildLimits.maxFiles, 'Files of one folder that is built'),
  BUILD_MAX_PAGES: limit(defaultBuildLimits.maxPages, 'Pages of one site'),
  BUILD_MAX_PAGE_BYTES: limit(defaultBuildLimits.maxPageBytes, 'One Markdown page'),
  BUILD_MAX_DESCRIPTION_BYTES: limit(defaultBuildLimits.maxDescriptionBytes, 'One OpenAPI description'),
  BUILD_MAX_SOURCE_BYTES: limit(defaultBuildLimits.maxSourceBytes, 'All pages and descriptions of one site together'),
  BUILD_MAX_ASSET_BYTES: limit(defaultBuildLimits.maxAssetBytes, 'One image or other file; a larger one is left out'),
  BUILD_MAX_OUTPUT_BYTES: limit(defaultBuildLimits.maxOutputBytes, 'Everything that is written for one site'),
  RECONCILE_INTERVAL_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .default(300)
    .describe('How often a connected repository is compared with its server'),
  RECONCILE_MAX_PULL_REQUESTS: limit(
    1_000,
    'Pull requests of a repository, those that changed last, that are read when it is first compared; open ones all are',
  ),
  SWEEP_INTERVAL_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .default(30)
    .describe('How often work is looked for that no job stands for'),
  PREVIEW_RETENTION_DAYS: limit(90, 'Previews that are older go offline'),
  SUPERSEDED_PREVIEW_RETENTION_DAYS: limit(5, 'Of the previews of a branch only the newest is kept longer'),
  PRODUCTION_RETENTION_COUNT: limit(20, 'So many production deployments of a project stay for a rollback'),
  RECORD_RETENTION_DAYS: limit(
    180,
    'Settled deliveries and statuses, and logs of what shows nothing, are kept so long; statuses of open pull requests longer',
  ),
  RETENTION_INTERVAL_SECONDS: limit(3_600, 'How often is looked for what is kept no longer'),
});

export type Config = z.output<typeof configSchema>;

export function buildLimits(config: Config): BuildLimits {
  return {
    maxFiles: config.BUILD_MAX_FILES,
    maxPages: config.BUILD_MAX_PAGES,
    maxPageBytes: config.BUILD_MAX_PAGE_BYTES,
    maxDescriptionBytes: config.BUILD_MAX_DESCRIPTION_BYTES,
    maxSourceBytes: config.BUILD_MAX_SOURCE_BYTES,
    maxAssetBytes: config.BUILD_MAX_ASSET_BYTES,
    maxOutputBytes: config.BUILD_MAX_OUTPUT_BYTES,
  };
}

export function loadConfig(): Config {
  return readConfig(configSchema, process.env);
}
