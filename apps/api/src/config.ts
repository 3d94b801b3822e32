import {
  contentSettings,
  databaseSettings,
  flag,
  grpcServerSettings,
  insecureHttp,
  metricsSettings,
  port,
  previewSettings,
  queueSettings,
  readConfig,
  serverSettings,
  vaultClientSettings,
} from '@reunite/platform';
import { MAX_FILE_CHANGES } from '@reunite/contracts';
import { z } from 'zod';
import { isLoopback } from './auth/loopback-host.js';

const positiveInteger = z.coerce.number().int().min(1);
const webUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/(?<!\/)\/+$/, ''));
const origin = webUrl.refine((url) => new URL(url).origin === url, 'must be an origin, without a path');

export const apiConfigSchema = z
  .object({
    ...serverSettings,
    GRPC_PORT: port.min(1).optional().describe('Port of the gRPC server; without it, there is none'),
    PUBLIC_URL: origin.describe('Origin at which browsers reach the API and the console'),
    WEBHOOK_PUBLIC_URL: webUrl.describe('Address at which servers reach webhook-ingest'),
    ...databaseSettings('reunite_api'),
    ...queueSettings,
    ...vaultClientSettings,
    ...grpcServerSettings,
    ...contentSettings,
    CONSOLE_DIR: z.string().optional().describe('Folder of the built console; without it, none is served'),
    ...previewSettings,
    ...insecureHttp,
    ...metricsSettings,
    GRPC_ALLOWED_CALLERS: z
      .string()
      .default('reunite-ui')
      .transform((names) => names.split(',').map((name) => name.trim()))
      .describe('Services that may call the gRPC server, by the name in their certificate; separated by commas'),
    GRPC_CONCURRENT_CALLS: positiveInteger.default(100).describe('Most concurrent gRPC calls of one connection'),
    REQUEST_TIMEOUT_SECONDS: positiveInteger.default(60).describe('Longest time to receive a request, body included'),
    HEADERS_TIMEOUT_SECONDS: positiveInteger.default(10).describe('Longest time to receive the headers of a request'),
    MAX_CONNECTIONS: positiveInteger.default(4_096).describe('Most open HTTP connections'),
    CALLER_REQUESTS_PER_MINUTE: positiveInteger
      .default(1_200)
      .describe(
        'Most requests per minute of one caller; counted in Redis, or in each replica if the queue is in PostgreSQL',
      ),
    ORGANIZATION_REQUESTS_PER_MINUTE: positiveInteger
      .default(6_000)
      .describe('Most requests per minute of one organization; counted like those of a caller'),
    EVENT_STREAMS_PER_CALLER: positiveInteger.default(8).describe('Most open event streams of one caller'),
    EVENT_STREAMS_PER_ORGANIZATION: positiveInteger
      .default(256)
      .describe('Most open event streams of one organization'),
    MAX_CONNECTIONS_PER_ORGANIZATION: positiveInteger.default(50).describe('Most Git providers of one organization'),
    MAX_PROJECTS_PER_ORGANIZATION: positiveInteger.default(1_000).describe('Most projects of one organization'),
    LARGE_COMMITS_AT_ONCE: positiveInteger
      .default(4)
      .describe('Most commit requests larger than MAX_BODY_BYTES that are received at the same time'),
    MAX_BODY_BYTES: z.coerce.number().int().min(1_024).default(1_048_576).describe('Largest request body'),
    COMMIT_MAX_FILES: z.coerce
      .number()
      .int()
      .min(1)
      .max(MAX_FILE_CHANGES)
      .default(300)
      .describe('Most files in one commit'),
    COMMIT_MAX_FILE_BYTES: z.coerce
      .number()
      .int()
      .min(1)
      .default(2_097_152)
      .describe('Largest file that a commit request may contain; larger files are uploaded before'),
    COMMIT_MAX_BYTES: z.coerce
      .number()
      .int()
      .min(1)
      .default(4_194_304)
      .describe(
        'Most bytes of the files in a commit request together, without uploads; such requests may be this large, and base64',
      ),
    UPLOAD_MAX_BYTES: positiveInteger.default(52_428_800).describe('Largest uploaded file of a commit'),
    UPLOAD_BYTES_PER_ORGANIZATION: positiveInteger
      .default(536_870_912)
      .describe('Most bytes of an organization’s uploads that are in no commit yet'),
    UPLOAD_LIFETIME_SECONDS: positiveInteger
      .default(86_400)
      .describe('Age at which an upload that is in no commit is deleted, in seconds'),
    UPLOADS_AT_ONCE: positiveInteger.default(32).describe('Most uploads that are received at the same time'),
    JWT_ISSUER: z.string().optional().describe('Issuer of callers’ tokens; PUBLIC_URL with the local sign-in'),
    JWT_AUDIENCE: z.string().default('reunite-ghes-bridge').describe('Audience that callers’ tokens must name'),
    JWT_MAX_LIFETIME_SECONDS: positiveInteger
      .default(43_200)
      .describe('Longest life of a caller’s token, in seconds; tokens that live longer are rejected'),
    JWT_JWKS_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Where the issuer publishes its keys'),
    LOCAL_SIGN_IN: flag.default(false).describe('Sign in without a password, as built-in users; on loopback only'),
    LOCAL_SIGN_IN_KEY_FILE: z.string().optional().describe('Signing key of the local sign-in, made on first start'),
  })
  .superRefine((config, context) => {
    const violation = (variable: keyof typeof config, message: string) =>
      context.addIssue({ code: 'custom', path: [variable], message });
    if (!config.LOCAL_SIGN_IN) {
      if (config.JWT_JWKS_URL === undefined) violation('JWT_JWKS_URL', 'is needed to know who calls');
      if (config.JWT_ISSUER === undefined) violation('JWT_ISSUER', 'is needed to know who calls');
      return;
    }
    if (!isLoopback(config.LISTEN_HOST)) violation('LOCAL_SIGN_IN', 'needs LISTEN_HOST to be a loopback address');
    if (config.LOCAL_SIGN_IN_KEY_FILE === undefined) violation('LOCAL_SIGN_IN_KEY_FILE', 'is needed by LOCAL_SIGN_IN');
    if (config.JWT_JWKS_URL !== undefined) violation('JWT_JWKS_URL', 'and LOCAL_SIGN_IN exclude each other');
  });
export type ApiConfig = z.output<typeof apiConfigSchema>;

export const migrateConfigSchema = z.object({ ...databaseSettings('reunite_bridge'), ...queueSettings });

export const readApiConfig = (): ApiConfig => readConfig(apiConfigSchema, process.env);
export const readMigrateConfig = () => readConfig(migrateConfigSchema, process.env);
