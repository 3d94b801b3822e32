import { readFileSync } from 'node:fs';
import { CodedError } from '@reunite/contracts';
import { tracingSettings } from '@reunite/telemetry';
import { z } from 'zod';

/** The environment does not describe a valid configuration. The message lists every violation. */
export class ConfigError extends CodedError {
  readonly code = 'bad-configuration';

  constructor(readonly violations: readonly string[]) {
    const lines = violations.map((violation) => `  - ${violation}`);
    super(`Invalid configuration:\n${lines.join('\n')}`);
  }
}

/**
 * Reads a service's configuration from environment variables through one described schema. An empty variable counts as
 * not set, as in compose files. A secret `NAME` can also be in the file that `NAME_FILE` names.
 *
 * @throws ConfigError that lists every violation with the description of its variable, never its value
 */
export function readConfig<Schema extends z.ZodObject>(schema: Schema, env: NodeJS.ProcessEnv): z.output<Schema> {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const unreadable: string[] = [];
  for (const name of secretsOf(schema)) {
    try {
      const value = secretVariable(name, env);
      if (value !== undefined) set[name] = value;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      unreadable.push(...error.violations);
    }
  }
  if (unreadable.length > 0) throw new ConfigError(unreadable);
  const parsed = schema.safeParse(set);
  if (parsed.success) return parsed.data;
  const violations = parsed.error.issues.map((issue) => {
    const variable = String(issue.path[0] ?? '');
    const field = schema.shape[variable] as z.ZodType | undefined;
    return `${variable}: ${issue.message} (${field?.description ?? 'unknown'})`;
  });
  throw new ConfigError(violations);
}

/** Marks a setting as a secret, which {@link readConfig} also reads from the file that `<NAME>_FILE` names. */
export function secret<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.meta({ ...schema.meta(), secret: true });
}

/** Names of the settings that are marked with {@link secret}. */
function secretsOf(schema: z.ZodObject): string[] {
  return Object.entries(schema.shape).flatMap(([name, field]) =>
    (field as z.ZodType).meta()?.['secret'] === true ? [name] : [],
  );
}

/**
 * The value of a secret: the variable `<name>`, or the content of the file that `<name>_FILE` names, without the line
 * break at its end. Undefined if neither is set.
 *
 * @throws ConfigError if both are set, or if the file is empty or cannot be read
 */
export function secretVariable(name: string, env: NodeJS.ProcessEnv): string | undefined {
  const value = env[name];
  const fileVariable = `${name}_FILE`;
  const file = env[fileVariable];
  if (file === undefined || file === '') return value === '' ? undefined : value;
  if (value !== undefined && value !== '') throw new ConfigError([`${fileVariable}: and ${name} exclude each other`]);
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new ConfigError([`${fileVariable}: cannot read ${file} (${reason})`]);
  }
  if (text === '') throw new ConfigError([`${fileVariable}: ${file} is empty`]);
  return text;
}

/** A boolean, written `true` or `false`. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** A TCP port. With 0 the system chooses one, and the `ready` line reports it. */
export const port = z.coerce.number().int().min(0).max(65_535);

/** A whole number from 1. */
export const positiveInteger = z.coerce.number().int().positive();

/** A comma-separated list. Surrounding blanks and empty items are dropped. */
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

/*
 * Settings that several services have. Each is declared once, so that its name, check and description are the same
 * everywhere; a service's schema spreads the groups that it needs.
 */

export const logLevel = z
  .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
  .default('info')
  .describe('Minimum level of log lines');

/** Settings of the process, which `runService` reads. */
export const processSettings = {
  SHUTDOWN_DELAY_SECONDS: z.coerce
    .number()
    .min(0)
    .max(300)
    .default(0)
    .describe(
      'Time in seconds that a stopping service keeps serving while /readyz answers 503, so that a load balancer stops sending requests first',
    ),
  ...tracingSettings,
};

/** Every service listens on one port: for its API, or for health checks and metrics only. */
export const serverSettings = {
  LOG_LEVEL: logLevel,
  LISTEN_HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
  PORT: port.describe('Port to listen on; with 0 the system chooses a free one'),
  ...processSettings,
};

/** For a service whose port is public or for gRPC. */
export const metricsSettings = {
  METRICS_PORT: port
    .optional()
    .describe(
      'Port of metrics and health checks (GET /metrics, /healthz, /readyz), not to be published; none if unset',
    ),
};

/** `DATABASE_URL` for a service that connects with this role. */
export function databaseSettings(role: string) {
  return {
    DATABASE_URL: secret(z.url({ protocol: /^postgres(ql)?$/ })).describe(
      `PostgreSQL: postgres://${role}:…@host:5432/reunite; for TLS add ?sslmode=verify-full&sslrootcert=<PEM file>`,
    ),
  };
}

/** For a service that listens to notifications of PostgreSQL. */
export const directDatabaseSettings = {
  DATABASE_DIRECT_URL: secret(z.url({ protocol: /^postgres(ql)?$/ }).optional()).describe(
    'PostgreSQL without a connection pooler, for LISTEN, if DATABASE_URL leads to PgBouncer; default: DATABASE_URL',
  ),
};

export const queueUrl = secret(z.url({ protocol: /^(postgres(ql)?|rediss?)$/ })).describe(
  'Queue back end: postgres://… or redis://… (rediss:// for TLS); deployment.md explains Sentinel and clusters',
);

export const queueSettings = {
  QUEUE_URL: queueUrl,
  QUEUE_CA_FILE: z
    .string()
    .optional()
    .describe(
      'PEM file of the authority that issued the certificate of a rediss:// server; default: public authorities',
    ),
};

/** The certificate that identifies a service to the others (mutual TLS). */
export const tlsSettings = {
  TLS_CA_FILE: z.string().describe('PEM file of the certificate authority that issues the services’ certificates'),
  TLS_CERT_FILE: z.string().describe('PEM file of this service’s certificate'),
  TLS_KEY_FILE: z.string().describe('PEM file of this service’s private key'),
  TLS_RELOAD_SECONDS: z.coerce
    .number()
    .positive()
    .default(60)
    .describe('Interval between checks for changed TLS files, in seconds'),
};
export type TlsConfig = z.output<z.ZodObject<typeof tlsSettings>>;

/** For a client of the vault. */
export const vaultClientSettings = {
  VAULT_ADDRESS: z
    .string()
    .regex(/^.+:\d+$/, 'must be host:port')
    .describe('host:port of credential-vault'),
  ...tlsSettings,
};

/** For a gRPC server. */
export const grpcServerSettings = {
  TLS_CONNECTION_SECONDS: z.coerce
    .number()
    .positive()
    .default(300)
    .describe(
      'Maximum age of a gRPC connection, in seconds; the next connection checks the caller’s certificate again',
    ),
};

const storageUrl = z.url({ protocol: /^(?:file|s3)$/ });
const storageForms = 'file:///absolute/folder, or s3://bucket/prefix with the options of docs/deployment.md';
export const contentSettings = { CONTENT_URL: storageUrl.describe(`Content store: ${storageForms}`) };
export const artifactSettings = { ARTIFACTS_URL: storageUrl.describe(`Artifact store: ${storageForms}`) };

export const previewSettings = {
  PREVIEW_URL_TEMPLATE: z
    .string()
    .regex(/^https?:\/\/\{host\}\.[^/{}]+\/$/, 'must be like https://{host}.previews.example.com/')
    .describe('URL of a preview; {host} stands for its host label: https://{host}.previews.example.com/'),
};

/** For a process that connects to GitHub Enterprise Servers. */
export const allowedCidrs = {
  GHES_ALLOWED_CIDRS: list
    .default([])
    .describe('Comma-separated address ranges to allow although they are blocked by default, such as 127.0.0.0/8'),
};
export const insecureHttp = {
  GHES_ALLOW_INSECURE_HTTP: flag.default(false).describe('Allow servers with http:// addresses; for local stacks only'),
};
