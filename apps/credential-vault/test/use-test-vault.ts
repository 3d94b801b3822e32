import { afterAll, beforeAll } from '@jest/globals';
import type { IdentityFiles } from '@reunite/platform';
import { ensureDevelopmentCa, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import type { VaultConfig } from '../src/config.js';
import { TestGhes } from './test-ghes.js';
import { services, startTestVault, temporaryFolder } from './test-vault.js';
import type { TestVault } from './test-vault.js';

type Service = (typeof services)[number];

/** Database, certificates, vault and GHES that the tests of one suite share. Set before the first test. */
export interface TestVaultContext {
  readonly postgres: RunningPostgres;
  readonly folder: string;
  readonly identities: Record<Service, IdentityFiles>;
  readonly vault: TestVault;
  readonly ghes: TestGhes;
}

/**
 * Starts a database, a GHES and a vault before the tests of the suite, and stops them afterwards.
 *
 * @param overrides of the vault's configuration; called when the suite starts
 */
export function useTestVault(
  overrides: (folder: string) => Promise<Partial<VaultConfig>> = () => Promise.resolve({}),
): TestVaultContext {
  const context = {} as { -readonly [Name in keyof TestVaultContext]: TestVaultContext[Name] };
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    [context.postgres, folder, context.ghes] = await Promise.all([
      startPostgres(),
      temporaryFolder(),
      TestGhes.start(),
    ]);
    context.folder = folder.path;
    context.identities = await ensureDevelopmentCa(folder.path, services);
    const url = context.postgres.url('reunite_vault');
    context.vault = await startTestVault(url, folder.path, context.identities, await overrides(folder.path));
  });
  afterAll(async () => {
    await context.vault.close();
    await Promise.all([context.ghes.stop(), context.postgres.stop(), folder.remove()]);
  });
  return context;
}
