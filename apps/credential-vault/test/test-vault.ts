import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@reunite/contracts';
import { migrate } from '@reunite/database';
import { loadServiceIdentity } from '@reunite/platform';
import type { IdentityFiles } from '@reunite/platform';
import { createVaultClient } from '@reunite/vault-client';
import type { ManagingVaultClient } from '@reunite/vault-client';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { vaultConfigSchema } from '../src/config.js';
import type { VaultConfig } from '../src/config.js';
import { startVault } from '../src/start-vault.js';
import { openVaultDatabase, vaultDatabase } from '../src/vault-database.js';
import { CALLBACK_URL } from './test-ghes.js';
import type { TestGhes } from './test-ghes.js';

export const callers = ['api', 'webhook-ingest', 'sync-worker', 'preview-host'] as const;
export type Caller = (typeof callers)[number];
export const services = ['credential-vault', ...callers] as const;

/** A running vault on a real database, with a client for each service. */
export interface TestVault {
  readonly as: Record<Caller, ManagingVaultClient>;
  /** Connected as the vault's role, for the actions of an attacker or an operator. */
  readonly database: DataSource;
  readonly log: string[];
  readonly config: VaultConfig;
  readonly port: number;
  close(): Promise<void>;
}

export const quiet = pino({ level: 'silent' });

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'credential-vault-'));
  return { path, remove: () => rm(path, { recursive: true }) };
}

export function vaultConfig(databaseUrl: string, folder: string, identity: IdentityFiles): VaultConfig {
  return vaultConfigSchema.parse({
    LOG_LEVEL: 'trace',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    KEK_URL: `file:${join(folder, 'kek.json')}`,
    GHES_ALLOWED_CIDRS: '127.0.0.0/8',
    GHES_ALLOW_INSECURE_HTTP: 'true',
    CALLS_PER_SECOND_PER_ORGANIZATION: '5000',
    DELETED_SWEEP_SECONDS: '0.2',
    TLS_CA_FILE: identity.caFile,
    TLS_CERT_FILE: identity.certFile,
    TLS_KEY_FILE: identity.keyFile,
  });
}

export async function startTestVault(
  databaseUrl: string,
  folder: string,
  identities: Record<(typeof services)[number], IdentityFiles>,
  change: Partial<VaultConfig> = {},
): Promise<TestVault> {
  await migrate(vaultDatabase(databaseUrl));
  const config = { ...vaultConfig(databaseUrl, folder, identities['credential-vault']), ...change };
  const log: string[] = [];
  const vault = await startVault(config, pino({ level: 'trace' }, { write: (line: string) => log.push(line) }));
  const clients = await Promise.all(
    callers.map(async (caller) => {
      const identity = await loadServiceIdentity(identities[caller]);
      return [caller, createVaultClient({ address: `127.0.0.1:${vault.port}`, identity })] as const;
    }),
  );
  const as = Object.fromEntries(clients) as Record<Caller, ManagingVaultClient>;
  const database = await openVaultDatabase(databaseUrl);
  const close = async () => {
    for (const client of Object.values(as)) client.close();
    await vault.close();
    await database.destroy();
  };
  return { as, database, log, config, port: vault.port, close };
}

export interface Tenant {
  readonly organizationId: string;
  readonly subject: string;
  readonly connectionId: string;
}

export function newTenant(organizationId: string = randomUUID()): Tenant {
  return { organizationId, subject: `user-${organizationId}`, connectionId: newId('connection') };
}

/** A tenant whose connection has an app. */
export interface ConnectedTenant extends Tenant {
  readonly appId: number;
  readonly slug: string;
  /** The app's installation on acme. */
  readonly installationId: number;
}

/** Runs both halves of the manifest flow, as the api drives them, and installs the app. */
export async function connect(vault: TestVault, ghes: TestGhes, tenant = newTenant()): Promise<ConnectedTenant> {
  const { organizationId, subject, connectionId } = tenant;
  const { state } = await vault.as.api.beginManifest({ ...tenant, origin: ghes.origin, owner: 'acme' });
  const code = await ghes.manifestCode(connectionId);
  const { app } = await vault.as.api.completeManifest({ organizationId, subject, state, code });
  const { id: appId = 0, slug = '' } = app ?? {};
  return { organizationId, subject, connectionId, appId, slug, installationId: await ghes.install(slug) };
}

/** Signs a user in on the server and confirms the account. @returns `user` */
export async function signIn(vault: TestVault, ghes: TestGhes, user: Tenant, login = 'mona'): Promise<Tenant> {
  const { authorizeUrl } = await vault.as.api.beginUserSignIn({ ...user, callbackUrl: CALLBACK_URL });
  await vault.as.api.completeUserSignIn({ ...user, ...(await ghes.authorize(authorizeUrl, login)), issuer: '' });
  await vault.as.api.confirmUserSignIn({ ...user, login });
  return user;
}
