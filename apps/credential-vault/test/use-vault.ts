import { afterAll, beforeAll } from '@jest/globals';
import type { IdentityFiles } from '@reunite/platform';
import { ensureDevelopmentCa, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import type { VaultConfig } from '../src/config.js';
import { startFakeGhes } from './fake-ghes.js';
import type { FakeGhes } from './fake-ghes.js';
import { services, startVaultHarness, temporaryFolder } from './vault-harness.js';
import type { VaultHarness } from './vault-harness.js';

type Service = (typeof services)[number];

/** What the tests of a suite run on. */
export interface VaultSuite {
  readonly postgres: RunningPostgres;
  readonly folder: string;
  readonly identities: Record<Service, IdentityFiles>;
  readonly vault: VaultHarness;
  readonly ghes: FakeGhes;
}

/**
 * Starts a database, a server and a vault before the tests of the suite, and stops them after.
 *
 * @param change of the vault's configuration; asked when the suite starts
 */
export function useVault(
  change: (folder: string) => Promise<Partial<VaultConfig>> = () => Promise.resolve({}),
): VaultSuite {
  const suite = {} as { -readonly [Name in keyof VaultSuite]: VaultSuite[Name] };
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    [suite.postgres, folder, suite.ghes] = await Promise.all([startPostgres(), temporaryFolder(), startFakeGhes()]);
    suite.folder = folder.path;
    suite.identities = await ensureDevelopmentCa(folder.path, services);
    const url = suite.postgres.url('reunite_vault');
    suite.vault = await startVaultHarness(url, folder.path, suite.identities, await change(folder.path));
  });
  afterAll(async () => {
    await suite.vault.close();
    await Promise.all([suite.ghes.close(), suite.postgres.stop(), folder.remove()]);
  });
  return suite;
}
