import type { QueueName } from '@reunite/contracts';
import {
  allowedCidrs,
  artifactSettings,
  checkGhesLimits,
  contentSettings,
  databaseSettings,
  ghesLimitSettings,
  gitLimitSettings,
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

const MIB = 1024 ** 2;

const limit = (fallback: number, description: string) =>
  z.coerce.number().int().min(1).default(fallback).describe(description);

/** Parses `queue=slots` pairs, separated by commas. */
const slots = list.transform((pairs, context) => {
  const entries = pairs.map((pair) => /^([a-z-]+)=([1-9]\d{0,2})$/.exec(pair));
  for (const [index, match] of entries.entries()) {
    if (match?.[1] && queueNames.includes(match[1] as QueueName)) continue;
    const message = `"${pairs[index] ?? ''}" is not a queue=slots pair; queues: ${queueNames.join(', ')}`;
    context.addIssue({ code: 'custom', message });
  }
  return Object.fromEntries(entries.map((match) => [match?.[1] ?? '', Number(match?.[2])]));
});

const settings = z.object({
  ...serverSettings,
  ...databaseSettings('reunite_worker'),
  DATABASE_POOL_SIZE: limit(20, 'Maximum number of database connections'),
  ...queueSettings,
  ...vaultClientSettings,
  ...contentSettings,
  ...artifactSettings,
  CONSOLE_URL: z.url().describe('Origin of the console; commit statuses link to its deployment pages'),
  ...previewSettings,
  WEBHOOK_PUBLIC_URL: z
    .url()
    .transform((url) => url.replace(/\/$/, ''))
    .optional()
    .describe(
      'Address at which servers reach webhook-ingest, as in the API. The self-test then compares the whole webhook URL, otherwise its path',
    ),
  ...allowedCidrs,
  GHES_REQUEST_CONCURRENCY: limit(8, 'Concurrent requests to one server, per connection'),
  ...ghesLimitSettings({
    requestSeconds: 120,
    listingSeconds: 120,
    listingPages: 300,
    listingItems: 30_000,
    pageBytes: 8 * MIB,
    connectionBytes: 64 * MIB,
    organizationBytes: 128 * MIB,
  }),
  ...gitLimitSettings,
  MAX_GIT_OBJECTS: limit(1_000_000, 'Maximum number of git objects that one sync of a branch transfers'),
  MAX_GIT_OBJECT_BYTES: limit(512 * MIB, 'Maximum size of a file in a branch, in bytes'),
  MAX_INFLATED_BYTES: limit(
    16 * 1024 * MIB,
    'Maximum total size of the objects that one sync transfers, unpacked, in bytes; limits its processor time',
  ),
  MAX_REST_REQUESTS: limit(
    5_000,
    'Maximum number of requests of one sync over the REST API, which needs one for each new file; used where Git over HTTP is blocked',
  ),
  MAX_REST_BYTES: limit(
    256 * MIB,
    'Maximum total size of the files that one sync over the REST API transfers, in bytes',
  ),
  GIT_RETRY_SECONDS: limit(
    3_600,
    'Time after which Git over HTTP is tried again for a repository that is fetched over the REST API, in seconds',
  ),
  JOB_SLOTS: slots
    .default({})
    .describe('Concurrent jobs per queue, as queue=slots pairs, e.g. content-sync=8,deployments=3'),
  SLOW_JOB_SECONDS: limit(
    3,
    'Job duration above which a connection counts as slow, in seconds; all slow connections share half of the slots',
  ),
  BUILD_TIMEOUT_SECONDS: limit(600, 'Maximum duration of a build, in seconds'),
  CHECK_TIMEOUT_SECONDS: limit(60, 'Maximum duration of a check (lint) of a deployment, in seconds'),
  BUILD_MEMORY_MB: limit(512, 'Maximum JavaScript heap of a build or check, in megabytes'),
  BUILD_MAX_STARTS: limit(5, 'Number of starts after which a build or check fails, if its worker died each time'),
  BUILD_FOLDER: z
    .string()
    .startsWith('/')
    .optional()
    .describe(
      'Local folder for sites that are being built, rendered pages and copies of content in a bucket. Default: the folder of ARTIFACTS_URL, or reunite-builds in the temporary folder of the system',
    ),
  CONTENT_COPIES_MB: limit(
    10_240,
    'Size of the local copies of content in a bucket that are kept for later builds, in megabytes',
  ),
  BUILD_CACHE_MB: limit(64, 'Size of the cache of rendered pages per project, in megabytes'),
  BUILD_MAX_FILES: limit(defaultBuildLimits.maxFiles, 'Maximum number of files in the folder of a project'),
  BUILD_MAX_PAGES: limit(defaultBuildLimits.maxPages, 'Maximum number of pages of a site'),
  BUILD_MAX_PAGE_BYTES: limit(defaultBuildLimits.maxPageBytes, 'Maximum size of a Markdown page, in bytes'),
  BUILD_MAX_DESCRIPTION_BYTES: limit(
    defaultBuildLimits.maxDescriptionBytes,
    'Maximum size of an OpenAPI description, in bytes',
  ),
  BUILD_MAX_SOURCE_BYTES: limit(
    defaultBuildLimits.maxSourceBytes,
    'Maximum total size of the pages and OpenAPI descriptions of a site, in bytes',
  ),
  BUILD_MAX_ASSET_BYTES: limit(
    defaultBuildLimits.maxAssetBytes,
    'Maximum size of an image or other file, in bytes; larger ones are left out of the site',
  ),
  BUILD_MAX_LFS_BYTES: limit(
    256 * MIB,
    'Maximum total size of the files in Git LFS that one build publishes, in bytes; further ones are left out of the site',
  ),
  BUILD_MAX_OUTPUT_BYTES: limit(
    defaultBuildLimits.maxOutputBytes,
    'Maximum total size of the files that a build writes, in bytes',
  ),
  MAX_REFS_PER_REPOSITORY: limit(10_000, 'Maximum number of branches and fork heads that are synced per repository'),
  MAX_ARTIFACT_BYTES_PER_ORGANIZATION: limit(
    50 * 1024 ** 3,
    'Maximum total size of the built sites of an organization, in bytes; a build beyond it fails',
  ),
  SYNC_INTERVAL_SECONDS: limit(
    1,
    'Time between two syncs of a branch that is pushed to continuously, in seconds; the first three pushes are synced at once',
  ),
  RECONCILE_INTERVAL_SECONDS: limit(
    300,
    'Interval between reconciliations of a repository with its server, in seconds',
  ),
  REFRESH_INTERVAL_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe(
      "Interval between refreshes of a connection's app, installations and repositories, in seconds; each lists all repositories. Default: RECONCILE_INTERVAL_SECONDS",
    ),
  RECOVERY_INTERVAL_SECONDS: limit(
    300,
    "Interval between readings of a server's log of webhook deliveries, which recover those that did not arrive, in seconds",
  ),
  RECONCILE_MAX_PULL_REQUESTS: limit(
    1_000,
    'Maximum number of recently changed pull requests that the first reconciliation of a repository reads, besides all open ones',
  ),
  SWEEP_INTERVAL_SECONDS: limit(30, 'Interval between sweeps for work whose job was lost, in seconds'),
  PREVIEW_RETENTION_DAYS: limit(90, 'Age at which previews expire, in days'),
  SUPERSEDED_PREVIEW_RETENTION_DAYS: limit(
    5,
    'Age at which previews expire once their branch has a newer one, in days',
  ),
  PRODUCTION_RETENTION_COUNT: limit(
    20,
    'Number of production deployments per project that remain available for a rollback',
  ),
  DELIVERY_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(14)
    .max(36_500)
    .default(30)
    .describe('Retention of webhook deliveries and their payloads, in days; at least 14. Whole weeks are dropped'),
  DELIVERY_RETENTION_BYTES: limit(
    20 * 1024 ** 3,
    'Maximum size of webhook deliveries and their payloads, in bytes; older weeks are dropped earlier, except the last two',
  ),
  RECORD_RETENTION_DAYS: limit(
    180,
    'Retention of sent commit statuses and logs of deployments without a site, in days; statuses of open pull requests are kept longer',
  ),
  ACTIVITY_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(30)
    .max(36_500)
    .default(365)
    .describe('Retention of the activity log, in days; at least 30'),
  CONTENT_GRACE_HOURS: limit(
    24,
    'Time for which content stays that no branch, open pull request or deployment needs, in hours; longer than any sync or build',
  ),
  RETENTION_INTERVAL_SECONDS: limit(3_600, 'Interval between retention runs, in seconds'),
});

export const configSchema = settings.superRefine(checkGhesLimits);

/** Configuration of the worker, parsed from the environment. */
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

const commandConfigSchema = settings.pick({ DATABASE_URL: true, QUEUE_URL: true, QUEUE_CA_FILE: true });

/** Configuration of the operator's commands. */
export function loadCommandConfig(): z.output<typeof commandConfigSchema> {
  return readConfig(commandConfigSchema, process.env);
}

const storeCommandConfigSchema = settings.pick({ DATABASE_URL: true, CONTENT_URL: true, ARTIFACTS_URL: true });

/** Configuration of the command that inspects the stores. */
export function loadStoreCommandConfig(): z.output<typeof storeCommandConfigSchema> {
  return readConfig(storeCommandConfigSchema, process.env);
}
