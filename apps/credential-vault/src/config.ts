import { flag, list, port, readConfig } from '@reunite/platform';
import { z } from 'zod';

const databaseUrl = z.url({ protocol: /^postgres(ql)?$/ });

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
  KEK_URL: z
    .string()
    .startsWith('file:/', 'must be file:/absolute/path')
    .describe('Key-encryption key: file:/absolute/path/kek.json, made on first start'),
  GHES_ALLOWED_CIDRS: list
    .default([])
    .describe(
      'Ranges, separated by commas, that servers may be in although they are blocked otherwise, e.g. 127.0.0.0/8',
    ),
  GHES_ALLOW_INSECURE_HTTP: flag.default(false).describe('Accept servers at http://, for local stacks only'),
  TLS_CA_FILE: z.string().describe('PEM file of the authority that services’ certificates come from'),
  TLS_CERT_FILE: z.string().describe('PEM file of the vault’s certificate'),
  TLS_KEY_FILE: z.string().describe('PEM file of the vault’s private key'),
});
export type VaultConfig = z.output<typeof vaultConfigSchema>;

export const migrateConfigSchema = vaultConfigSchema.pick({ DATABASE_URL: true });

export const readVaultConfig = (): VaultConfig => readConfig(vaultConfigSchema, process.env);
export const readMigrateConfig = () => readConfig(migrateConfigSchema, process.env);
