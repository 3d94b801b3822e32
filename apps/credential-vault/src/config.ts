import { flag, list, port, readConfig, tlsConnectionSeconds, tlsSettings } from '@reunite/platform';
import { z } from 'zod';
import type { KekSettings } from './kek/open-kek-provider.js';

const databaseUrl = z.url({ protocol: /^postgres(ql)?$/ });
// Over plain http a key service is on this machine, or its answers are anybody's.
const kekUrl = z
  .string()
  .regex(
    /^(file:\/|env:[A-Za-z_][A-Za-z0-9_]*$|transit\+https:\/\/|transit\+http:\/\/(127\.0\.0\.1|localhost)[:/]|aws-kms:arn:)/,
    'must be file:/path, env:VARIABLE, transit+https://host/<mount>/<key> or aws-kms:<key ARN>',
  );

export const vaultConfigSchema = z.object({
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('Least level that is logged'),
  LISTEN_HOST: z.string().default('127.0.0.1').describe('Address that the gRPC server listens on'),
  PORT: port.describe('Port that the gRPC server listens on; 0 lets the system choose'),
  DATABASE_URL: databaseUrl.describe(
    'PostgreSQL, as the role that owns schema vault: postgres://reunite_vault:…@host/reunite',
  ),
  KEK_URL: kekUrl.describe(
    'Key-encryption key: file:/path/kek.json (made on first start), env:VARIABLE, transit+https://host/<mount>/<key> or aws-kms:<key ARN>, for which the AWS SDK finds credentials in the environment or by a role',
  ),
  KEK_PREVIOUS_URLS: list
    .pipe(z.array(kekUrl))
    .default([])
    .describe('Keys, separated by commas, that credentials may still be wrapped by after a change of KEK_URL'),
  KEK_TRANSIT_TOKEN_FILE: z
    .string()
    .optional()
    .describe('File with the token for transit+https; read for each call, so that an agent may renew it'),
  GHES_ALLOWED_CIDRS: list
    .default([])
    .describe(
      'Ranges, separated by commas, that servers may be in although they are blocked otherwise, e.g. 127.0.0.0/8',
    ),
  GHES_ALLOW_INSECURE_HTTP: flag.default(false).describe('Accept servers at http://, for local stacks only'),
  CALLS_PER_SECOND_PER_CALLER: z.coerce
    .number()
    .int()
    .positive()
    .default(5_000)
    .describe('Calls that one service may make in a second'),
  DELETED_SWEEP_SECONDS: z.coerce
    .number()
    .positive()
    .default(30)
    .describe('How often a replica looks for connections that another has deleted, to revoke the tokens it gave out'),
  TLS_CONNECTION_SECONDS: tlsConnectionSeconds,
  ...tlsSettings,
});
export type VaultConfig = z.output<typeof vaultConfigSchema>;

export const migrateConfigSchema = vaultConfigSchema.pick({ DATABASE_URL: true });
export const commandConfigSchema = vaultConfigSchema.pick({
  DATABASE_URL: true,
  KEK_URL: true,
  KEK_PREVIOUS_URLS: true,
  KEK_TRANSIT_TOKEN_FILE: true,
});
export type CommandConfig = z.output<typeof commandConfigSchema>;

export const readVaultConfig = (): VaultConfig => readConfig(vaultConfigSchema, process.env);
export const readMigrateConfig = () => readConfig(migrateConfigSchema, process.env);
export const readCommandConfig = (): CommandConfig => readConfig(commandConfigSchema, process.env);

export function kekSettings(config: CommandConfig): KekSettings {
  return {
    url: config.KEK_URL,
    previousUrls: config.KEK_PREVIOUS_URLS,
    transitTokenFile: config.KEK_TRANSIT_TOKEN_FILE,
    variable: (name) => process.env[name],
  };
}
