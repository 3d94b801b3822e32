import { parseArgs } from 'node:util';
import { z } from 'zod';
import { API_VERSIONS } from './rest/api-version.js';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** The settings of the simulator by environment variable. Flags on the command line take precedence. */
export const configSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(4500).describe('Port to listen on; 0 takes any free one.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  DATA_FOLDER: z
    .string()
    .min(1)
    .default('.local/ghes-simulator')
    .describe('Folder for repositories and state. The next start continues with them.'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Base of all URLs in answers and payloads; default http://localhost:<port>.'),
  SEED: z
    .string()
    .min(1)
    .optional()
    .describe('A local Git repository to copy to acme/<folder name>, unless that repository exists.'),
  SEED_PASSWORD: z
    .string()
    .min(1)
    .optional()
    .describe('Password of every seeded user; default is the login followed by "-password".'),
  GHES_VERSION: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/)
    .default('3.19.0')
    .describe('The GHES version to simulate.'),
  API_VERSION: z
    .enum(API_VERSIONS)
    .default('2022-11-28')
    .describe('Version of all answers of the REST API, whatever version a request names.'),
  PRIVATE_MODE: flag
    .default(false)
    .describe('As on GHES: true requires authentication for all reads, including public repositories.'),
  CONVERSION_WEBHOOK_SECRET: flag
    .default(true)
    .describe('Whether a manifest conversion returns a generated webhook secret; false returns null.'),
  TLS: z
    .enum(['self-signed', 'private-ca'])
    .optional()
    .describe(
      'HTTPS. self-signed: with a new self-signed certificate. private-ca: with a certificate of a private authority; authority and a client certificate are in <data>/tls.',
    ),
  MUTUAL_TLS: flag
    .default(false)
    .describe('true requires a client certificate of the private authority from programs; needs TLS=private-ca.'),
  GATEWAY_HEADER: z
    .string()
    .regex(/^[\w-]+: *\S+$/)
    .optional()
    .describe('`Name: value`: a header that programs must send, as to an API gateway in front of the server.'),
  PROXY_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('Port of an HTTP proxy that supports CONNECT to this server only; 0 takes any free one.'),
  PROXY_CREDENTIALS: z
    .string()
    .regex(/^[^:]+:.+$/)
    .optional()
    .describe('`user:password` that the proxy requires.'),
  TLS_CERT: z.string().min(1).optional().describe('Certificate file (PEM) for HTTPS; needs TLS_KEY.'),
  TLS_KEY: z.string().min(1).optional().describe('Key file (PEM) of TLS_CERT.'),
  CHECK: flag
    .default(false)
    .describe(
      "Checks every request, answer and webhook against GitHub's OpenAPI descriptions; see GET /_simulator/conformance.",
    ),
  TREE_ENTRY_LIMIT: z.coerce
    .number()
    .int()
    .min(1)
    .default(100_000)
    .describe('Entries after which a recursive tree is truncated.'),
  GIT_BINARY: z.string().min(1).default('git').describe('The git program.'),
  PATH: z.string().default('/usr/local/bin:/usr/bin:/bin').describe('Search path for programs.'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
});

export type Config = z.infer<typeof configSchema>;

const FLAG_NAMES = {
  port: 'PORT',
  host: 'HOST',
  data: 'DATA_FOLDER',
  'public-url': 'PUBLIC_URL',
  seed: 'SEED',
  'seed-password': 'SEED_PASSWORD',
  'ghes-version': 'GHES_VERSION',
  'api-version': 'API_VERSION',
  'private-mode': 'PRIVATE_MODE',
  tls: 'TLS',
  'mutual-tls': 'MUTUAL_TLS',
  'gateway-header': 'GATEWAY_HEADER',
  'proxy-port': 'PROXY_PORT',
  'proxy-credentials': 'PROXY_CREDENTIALS',
  'tls-cert': 'TLS_CERT',
  'tls-key': 'TLS_KEY',
  check: 'CHECK',
  'tree-entry-limit': 'TREE_ENTRY_LIMIT',
  'log-level': 'LOG_LEVEL',
} as const satisfies Record<string, keyof Config>;

export type ConfigResult = { ok: true; config: Config } | { ok: false; faults: string[] };

/** Reads flags and environment. Reports all invalid settings at once. */
export function readConfig(
  args: readonly string[] = process.argv.slice(2),
  environment: NodeJS.ProcessEnv = process.env,
): ConfigResult {
  const options = Object.fromEntries(Object.keys(FLAG_NAMES).map((name) => [name, { type: 'string' as const }]));
  let flags: Record<string, unknown>;
  try {
    flags = parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    return { ok: false, faults: [error instanceof Error ? error.message : String(error)] };
  }
  const settings: Record<string, unknown> = {};
  for (const name of Object.keys(configSchema.shape)) {
    if (environment[name]) settings[name] = environment[name];
  }
  for (const [name, key] of Object.entries(FLAG_NAMES)) {
    if (flags[name] !== undefined) settings[key] = flags[name];
  }
  const parsed = configSchema.safeParse(settings);
  if (parsed.success) return { ok: true, config: parsed.data };
  return { ok: false, faults: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) };
}
