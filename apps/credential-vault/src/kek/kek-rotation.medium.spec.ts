import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureDevelopmentCa, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import { startFakeGhes } from '../../test/fake-ghes.js';
import type { FakeGhes } from '../../test/fake-ghes.js';
import { connect, services, startVaultHarness, temporaryFolder } from '../../test/vault-harness.js';
import type { Tenant, VaultHarness } from '../../test/vault-harness.js';
import { runCommand } from '../cli/run-command.js';
import { kekSettings } from '../config.js';
import { Envelope } from '../envelope/envelope.js';
import { keksInUse } from '../vault-database.js';
import { countOutdated, rotateKek } from './kek-rotation.js';
import { openKekProvider } from './open-kek-provider.js';

describe('rotation of the KEK', () => {
  let postgres: RunningPostgres;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let vault: VaultHarness;
  let ghes: FakeGhes;
  let tenants: Tenant[];

  beforeAll(async () => {
    [postgres, folder, ghes] = await Promise.all([startPostgres(), temporaryFolder(), startFakeGhes()]);
    const identities = await ensureDevelopmentCa(folder.path, services);
    vault = await startVaultHarness(postgres.url('reunite_vault'), folder.path, identities);
    tenants = [await connect(vault, ghes), await connect(vault, ghes)];
  });
  afterAll(async () => {
    await vault.close();
    await Promise.all([ghes.close(), postgres.stop(), folder.remove()]);
  });

  const command = async (...args: string[]) => {
    const lines: string[] = [];
    const code = await runCommand(
      args,
      () => vault.config,
      (line) => lines.push(line),
    );
    return { code, lines };
  };
  const readAll = () =>
    Promise.all(
      tenants.map(({ connectionId }) =>
        vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId }),
      ),
    );
  const many = async (count: number) => {
    const [tenant] = tenants;
    const envelope = new Envelope(await openKekProvider(kekSettings(vault.config), []));
    const binding = { ...tenant!, origin: ghes.origin, kind: 'client-secret' } as const;
    for (let version = 2; version <= count; version += 1) {
      const sealed = await envelope.seal({ ...binding, version }, Buffer.from('a client secret'));
      await vault.database
        .getRepository('credential')
        .insert({ ...sealed, connectionId: tenant!.connectionId, kind: 'client-secret', version });
    }
  };

  it('re-wraps while the vault works, goes on after a kill, and every credential is readable all the time', async () => {
    await many(1_200);
    expect((await command('kek', 'new-version')).code).toBe(0);
    const before = await readAll();
    const kek = await openKekProvider(kekSettings(vault.config), await keksInUse(vault.database));
    const current = await kek.current();
    expect(current.kekVersion).toBe(2);
    // A kill after the first batch is no different from one that never asks for the second.
    for await (const { rewrapped, total } of rotateKek(vault.database, new Envelope(kek), current)) {
      expect(rewrapped).toBeLessThan(total);
      expect(await readAll()).toEqual(before);
      break;
    }
    const left = await countOutdated(vault.database, current);
    expect(left).toBeGreaterThan(500);
    const { code, lines } = await command('kek', 'rotate');
    expect([code, lines.at(-1)]).toEqual([0, expect.stringContaining(`${left} data keys`)]);
    expect(await countOutdated(vault.database, current)).toBe(0);
    expect(await readAll()).toEqual(before);
    expect((await command('kek', 'status')).lines).toEqual([`${current.kekId} version 2 (current)`]);
    await expect(connect(vault, ghes)).resolves.toBeDefined();
    expect(await countOutdated(vault.database, current)).toBe(0);
  });

  it('is one audit record, and what does not decrypt is left as it is and reported', async () => {
    const [tenant] = tenants;
    await vault.database.query(
      `UPDATE credential SET wrapped_dek = '\\x00' WHERE connection_id = $1 AND kind = 'private-key'`,
      [tenant!.connectionId],
    );
    await command('kek', 'new-version');
    const { code, lines } = await command('kek', 'rotate');
    expect([code, lines.at(-1)]).toEqual([1, expect.stringContaining('1 could not be read')]);
    const audit = await command('audit', 'list', '--caller', 'operator');
    expect(audit.lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { method: 'rotateKek', outcome: 'credential-undecryptable', scope: { kekVersion: 3, failed: 1 } },
      { method: 'rotateKek', outcome: 'ok', scope: { kekVersion: 2, failed: 0 } },
    ]);
  });
});
