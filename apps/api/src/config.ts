import { isIP } from 'node:net';
import { flag, port, readConfig, tlsConnectionSeconds, tlsSettings } from '@reunite/platform';
import { z } from 'zod';

const databaseUrl = z.url({ protocol: /^postgres(ql)?$/ });
const webUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));
const origin = webUrl.refine((url) => new URL(url).origin === url, 'must be an origin, without a path');

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

export const apiConfigSchema = z
  .object({
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
      .default('info')
      .describe('Least level that is logged'),
    LISTEN_HOST: z.string().default('127.0.0.1').describe('Address that the HTTP and gRPC servers listen on'),
    PORT: port.describe('Port of the HTTP server; 0 lets the system choose'),
    GRPC_PORT: port.min(1).optional().describe('Port of the gRPC server; without it, there is none'),
    PUBLIC_URL: origin.describe('Origin at which browsers reach the API and the console'),
    WEBHOOK_PUBLIC_URL: webUrl.describe('Address at which servers reach webhook-ingest'),
    DATABASE_URL: databaseUrl.describe('PostgreSQL, as the role that owns schema bridge'),
    QUEUE_URL: z.url({ protocol: /^(postgres(ql)?|rediss?)$/ }).describe('Where jobs go: postgres://… or redis://…'),
    VAULT_ADDRESS: z
      .string()
      .regex(/^.+:\d+$/, 'must be host:port')
      .describe('host:port of the credential vault'),
    TLS_CONNECTION_SECONDS: tlsConnectionSeconds,
    ...tlsSettings,
    CONTENT_URL: z.url().describe('The content store: file:///absolute/folder'),
    CONSOLE_DIR: z.string().optional().describe('Folder of the built console; without it, none is served'),
    PREVIEW_URL_TEMPLATE: z
      .string()
      .includes('{host}')
      .describe('Address of a preview, e.g. https://{host}.previews.example.com/'),
    GHES_ALLOW_INSECURE_HTTP: flag.default(false).describe('Accept servers at http://, for local stacks only'),
    MAX_BODY_BYTES: z.coerce.number().int().min(1_024).default(1_048_576).describe('Largest request body'),
    COMMIT_MAX_FILES: z.coerce.number().int().min(1).default(300).describe('Most files in one commit'),
    COMMIT_MAX_FILE_BYTES: z.coerce.number().int().min(1).default(10_485_760).describe('Largest file of a commit'),
    COMMIT_MAX_BYTES: z.coerce
      .number()
      .int()
      .min(1)
      .default(20_971_520)
      .describe('Most bytes of a commit’s files together; requests with commits may be this large, and base64'),
    JWT_ISSUER: z.string().optional().describe('Issuer of callers’ tokens; PUBLIC_URL with the local sign-in'),
    JWT_AUDIENCE: z.string().default('reunite-ghes-bridge').describe('Audience that callers’ tokens must name'),
    JWT_JWKS_URL: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Where the issuer publishes its keys'),
    LOCAL_SIGN_IN: flag.default(false).describe('Sign in without a password, as built-in people; on loopback only'),
    LOCAL_SIGN_IN_KEY_FILE: z.string().optional().describe('Signing key of the local sign-in, made on first start'),
  })
  .superRefine((config, context) => {
    const fault = (variable: keyof typeof config, message: string) =>
      context.addIssue({ code: 'custom', path: [variable], message });
    if (!config.LOCAL_SIGN_IN) {
      if (config.JWT_JWKS_URL === undefined) fault('JWT_JWKS_URL', 'is needed to know who calls');
      if (config.JWT_ISSUER === undefined) fault('JWT_ISSUER', 'is needed to know who calls');
      return;
    }
    if (!isLoopback(config.LISTEN_HOST)) fault('LOCAL_SIGN_IN', 'needs LISTEN_HOST to be a loopback address');
    if (config.LOCAL_SIGN_IN_KEY_FILE === undefined) fault('LOCAL_SIGN_IN_KEY_FILE', 'is needed by LOCAL_SIGN_IN');
    if (config.JWT_JWKS_URL !== undefined) fault('JWT_JWKS_URL', 'and LOCAL_SIGN_IN exclude each other');
  });
export type ApiConfig = z.output<typeof apiConfigSchema>;

export const migrateConfigSchema = z.object({
  DATABASE_URL: databaseUrl.describe('PostgreSQL, as the role that owns schema bridge'),
  QUEUE_URL: z.url({ protocol: /^(postgres(ql)?|rediss?)$/ }).describe('Where jobs go: postgres://… or redis://…'),
});

export const readApiConfig = (): ApiConfig => readConfig(apiConfigSchema, process.env);
export const readMigrateConfig = () => readConfig(migrateConfigSchema, process.env);
