import {
  contentSettings,
  databaseSettings,
  directDatabaseSettings,
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
import { isLoopback } from '@reunite/local-sign-in';
import { z } from 'zod';

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
    ...directDatabaseSettings,
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
    GRPC_CONCURRENT_CALLS: positiveInteger
      .default(100)
      .describe('Maximum number of concurrent gRPC calls of one connection'),
    REQUEST_TIMEOUT_SECONDS: positiveInteger
      .default(60)
      .describe('Maximum time to receive a request with its body, in seconds'),
    HEADERS_TIMEOUT_SECONDS: positiveInteger
      .default(10)
      .describe('Maximum time to receive the headers of a request, in seconds'),
    MAX_CONNECTIONS: positiveInteger.default(4_096).describe('Maximum number of open HTTP connections'),
    CALLER_REQUESTS_PER_MINUTE: positiveInteger
      .default(1_200)
      .describe(
        'Maximum number of requests per minute of one caller; counted in Redis, or in each replica if the queue is in PostgreSQL',
      ),
    ORGANIZATION_REQUESTS_PER_MINUTE: positiveInteger
      .default(6_000)
      .describe('Maximum number of requests per minute of one organization; counted like those of a caller'),
    EVENT_STREAMS_PER_CALLER: positiveInteger.default(8).describe('Maximum number of open event streams of one caller'),
    EVENT_STREAMS_PER_ORGANIZATION: positiveInteger
      .default(256)
      .describe('Maximum number of open event streams of one organization'),
    EVENT_STREAM_RECENT_EVENTS: positiveInteger
      .default(5_000)
      .describe(
        'Minimum number of live events that are kept for clients that connect again; at most twice as many are',
      ),
    MAX_CONNECTIONS_PER_ORGANIZATION: positiveInteger
      .default(50)
      .describe('Maximum number of Git providers of one organization'),
    MAX_PROJECTS_PER_ORGANIZATION: positiveInteger
      .default(1_000)
      .describe('Maximum number of projects of one organization'),
    LARGE_COMMITS_AT_ONCE: positiveInteger
      .default(4)
      .describe('Maximum number of commit requests larger than MAX_BODY_BYTES that are received at the same time'),
    MAX_BODY_BYTES: z.coerce
      .number()
      .int()
      .min(1_024)
      .default(1_310_720)
      .describe(
        'Maximum size of a request body, in bytes. The default has room for a certificate bundle of 1 MB, which is rejected at its field',
      ),
    COMMIT_MAX_FILES: z.coerce
      .number()
      .int()
      .min(1)
      .max(MAX_FILE_CHANGES)
      .default(300)
      .describe('Maximum number of files in one commit'),
    COMMIT_MAX_FILE_BYTES: z.coerce
      .number()
      .int()
      .min(1)
      .default(2_097_152)
      .describe('Maximum size of a file in a commit request, in bytes; larger files are uploaded before the commit'),
    COMMIT_MAX_BYTES: z.coerce
      .number()
      .int()
      .min(1)
      .default(4_194_304)
      .describe(
        'Maximum total size of the files in a commit request, without uploads, in bytes; base64 may make the request larger',
      ),
    UPLOAD_MAX_BYTES: positiveInteger.default(52_428_800).describe('Maximum size of an uploaded file, in bytes'),
    UPLOAD_BYTES_PER_ORGANIZATION: positiveInteger
      .default(536_870_912)
      .describe('Maximum total size of an organization’s uploads that are in no commit yet, in bytes'),
    UPLOAD_LIFETIME_SECONDS: positiveInteger
      .default(86_400)
      .describe('Age at which an upload that is in no commit is deleted, in seconds'),
    UPLOAD_MIN_BYTES_PER_SECOND: positiveInteger
      .default(65_536)
      .describe(
        'An upload may take REQUEST_TIMEOUT_SECONDS, and a second more for each so many bytes; a slower one is ended',
      ),
    UPLOADS_AT_ONCE: positiveInteger
      .default(32)
      .describe('Maximum number of uploads that are received at the same time'),
    JWT_ISSUER: z.string().optional().describe('Issuer of callers’ tokens; PUBLIC_URL with the local sign-in'),
    JWT_AUDIENCE: z.string().default('reunite-ghes-bridge').describe('Audience that callers’ tokens must name'),
    JWT_MAX_LIFETIME_SECONDS: positiveInteger
      .default(43_200)
      .describe('Maximum lifetime of a caller’s token, in seconds; tokens that live longer are rejected'),
    JWT_JWKS_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('URL of the issuer’s public keys (JWKS)'),
    SIGN_IN_URL: webUrl
      .optional()
      .describe('Page at which users sign in; the console opens it with the parameter next, a path of the console'),
    LOCAL_SIGN_IN: flag.default(false).describe('Sign in without a password, as built-in users; on loopback only'),
    LOCAL_SIGN_IN_KEY_FILE: z
      .string()
      .optional()
      .describe('File with the signing key of the local sign-in, created on first start'),
  })
  .superRefine((config, context) => {
    const violation = (variable: keyof typeof config, message: string) =>
      context.addIssue({ code: 'custom', path: [variable], message });
    if (!config.LOCAL_SIGN_IN) {
      if (config.JWT_JWKS_URL === undefined)
        violation('JWT_JWKS_URL', 'is required to verify callers’ tokens, unless LOCAL_SIGN_IN is true');
      if (config.JWT_ISSUER === undefined)
        violation('JWT_ISSUER', 'is required to verify callers’ tokens, unless LOCAL_SIGN_IN is true');
      // Anyone can sign in at the issuer of a local stack.
      if (isAtLoopback(config.JWT_ISSUER) && !isAtLoopback(config.PUBLIC_URL))
        violation('JWT_ISSUER', 'is at a loopback host, so PUBLIC_URL must be too');
      return;
    }
    if (!isLoopback(config.LISTEN_HOST)) violation('LOCAL_SIGN_IN', 'needs LISTEN_HOST to be a loopback address');
    if (config.LOCAL_SIGN_IN_KEY_FILE === undefined) violation('LOCAL_SIGN_IN_KEY_FILE', 'is needed by LOCAL_SIGN_IN');
    if (config.JWT_JWKS_URL !== undefined) violation('JWT_JWKS_URL', 'and LOCAL_SIGN_IN exclude each other');
  });

function isAtLoopback(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, ''));
}

export type ApiConfig = z.output<typeof apiConfigSchema>;

export const migrateConfigSchema = z.object({ ...databaseSettings('reunite_bridge'), ...queueSettings });

export const readApiConfig = (): ApiConfig => readConfig(apiConfigSchema, process.env);
export const readMigrateConfig = () => readConfig(migrateConfigSchema, process.env);
