import {
  allowedCidrs,
  checkGhesLimits,
  databaseSettings,
  ghesLimitSettings,
  grpcServerSettings,
  insecureHttp,
  list,
  metricsSettings,
  readConfig,
  secretVariable,
  serverSettings,
  tlsSettings,
} from '@reunite/platform';
import { z } from 'zod';
import type { KekSettings } from './kek/open-kek-provider.js';
import type { SigningKeySettings } from './signing/open-signing-keys.js';

const MIB = 1024 ** 2;

// Plain http only on this machine: elsewhere, anyone on the path could answer.
const kekUrl = z
  .string()
  .regex(
    /^(file:\/|env:[A-Za-z_][A-Za-z0-9_]*$|transit\+https:\/\/|transit\+http:\/\/(127\.0\.0\.1|localhost)[:/]|aws-kms:arn:)/,
    'must be file:/path, env:VARIABLE, transit+https://host/<mount>/<key> or aws-kms:<key ARN>',
  );

const vaultSettings = z.object({
  ...serverSettings,
  ...databaseSettings('reunite_vault'),
  ...metricsSettings,
  KEK_URL: kekUrl.describe(
    'Key-encryption key: file:/path/kek.json (created on first start), env:VARIABLE, transit+https://host/<mount>/<key> or aws-kms:<key ARN>, whose credentials the AWS SDK takes from the environment or a role',
  ),
  KEK_PREVIOUS_URLS: list
    .pipe(z.array(kekUrl))
    .default([])
    .describe('Previous keys, separated by commas, that credentials may still be wrapped by after a change of KEK_URL'),
  KEK_TRANSIT_TOKEN_FILE: z
    .string()
    .optional()
    .describe('File with the token for transit+https; read for every call, so that an agent can renew it'),
  SIGNING_KEYS_URL: z
    .string()
    .regex(
      /^(transit\+https:\/\/|transit\+http:\/\/(127\.0\.0\.1|localhost)[:/]|aws-kms:[a-z0-9-]+(\?|$))/,
      'must be transit+https://host/<mount> or aws-kms:<region>',
    )
    .optional()
    .describe(
      'Key service that keeps the private keys of apps and only signs with them: transit+https://host/<mount> (with KEK_TRANSIT_TOKEN_FILE) or aws-kms:<region>. Keys are moved there from the database. Default: they stay in the database',
    ),
  ...allowedCidrs,
  ...insecureHttp,
  // The vault reads apps, tokens and pages of installations only. Its callers wait at most a minute, and its answer to them
  // must stay below gRPC's limit of 4 MiB.
  ...ghesLimitSettings({
    requestSeconds: 30,
    listingSeconds: 45,
    listingPages: 100,
    listingItems: 2_000,
    pageBytes: MIB,
    connectionBytes: 4 * MIB,
    organizationBytes: 16 * MIB,
  }),
  CALLS_PER_SECOND_PER_CALLER: z.coerce
    .number()
    .int()
    .positive()
    .default(5_000)
    .describe('Maximum number of calls per second by one service'),
  CALLS_PER_SECOND_PER_ORGANIZATION: z.coerce
    .number()
    .int()
    .positive()
    .default(1_000)
    .describe('Maximum number of calls per second on behalf of one organization'),
  DELETED_SWEEP_SECONDS: z.coerce
    .number()
    .positive()
    .default(30)
    .describe('Interval in seconds at which a replica revokes its tokens of connections that another replica deleted'),
  ...grpcServerSettings,
  ...tlsSettings,
});

export const vaultConfigSchema = vaultSettings.superRefine(checkGhesLimits);
export type VaultConfig = z.output<typeof vaultConfigSchema>;

export const migrateConfigSchema = vaultSettings.pick({ DATABASE_URL: true });
export const commandConfigSchema = vaultSettings.pick({
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
    variable: (name) => secretVariable(name, process.env),
  };
}

export function signingKeySettings(config: VaultConfig): SigningKeySettings {
  return { url: config.SIGNING_KEYS_URL, transitTokenFile: config.KEK_TRANSIT_TOKEN_FILE };
}
