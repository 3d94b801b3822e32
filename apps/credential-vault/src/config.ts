import {
  allowedCidrs,
  databaseSettings,
  grpcServerSettings,
  insecureHttp,
  list,
  readConfig,
  serverSettings,
  tlsSettings,
} from '@reunite/platform';
import { z } from 'zod';
import type { KekSettings } from './kek/open-kek-provider.js';

// Over plain http a key service is on this machine, or its answers are anybody's.
const kekUrl = z
  .string()
  .regex(
    /^(file:\/|env:[A-Za-z_][A-Za-z0-9_]*$|transit\+https:\/\/|transit\+http:\/\/(127\.0\.0\.1|localhost)[:/]|aws-kms:arn:)/,
    'must be file:/path, env:VARIABLE, transit+https://host/<mount>/<key> or aws-kms:<key ARN>',
  );

export const vaultConfigSchema = z.object({
  ...serverSettings,
  ...databaseSettings('reunite_vault'),
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
  ...allowedCidrs,
  ...insecureHttp,
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
  ...grpcServerSettings,
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
