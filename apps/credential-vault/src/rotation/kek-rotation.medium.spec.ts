import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { dump, restore } from '../../test/dump.js';
import type { Dump } from '../../test/dump.js';
import { useTestVault } from '../../test/use-test-vault.js';
import { connect, signIn } from '../../test/test-vault.js';
import type { Tenant } from '../../test/test-vault.js';
import { exited, spawnVault } from '../../test/vault-process.js';
import { runCommand } from '../cli/run-command.js';
import { kekSettings } from '../config.js';
import type { CredentialBinding, SealedCredential } from '../envelope/envelope.js';
import { Envelope } from '../envelope/envelope.js';
import { keksInUse } from '../vault-database.js';
import { countOutdated, rotateKek } from './kek-rotation.js';
import { KekUnavailableError } from '../kek/kek-unavailable.error.js';
import { openKekProvider } from '../kek/open-kek-provider.js';

describe('rotation of the KEK', () => {
  const suite = useTestVault();
  let tenants: Tenant[];

  beforeAll(async () => {
    tenants = [await connect(suite.vault, suite.ghes), await connect(suite.vault, suite.ghes)];
    await signIn(suite.vault, suite.ghes, tenants[0]!);
  });

  const command = async (...args: string[]) => {
    const lines: string[] = [];
    const code = await runCommand(
      args,
      () => suite.vault.config,
      (line) => lines.push(line),
    );
    return { code, lines };
  };
  const provider = async () => openKekProvider(kekSettings(suite.vault.config), await keksInUse(suite.vault.database));
  const secretsOf = ({ connectionId }: Tenant) =>
    suite.vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId });
  /** Opens every credential that there is. @returns how many */
  const openAll = async () => {
    const envelope = new Envelope(await provider());
    const rows: (CredentialBinding & SealedCredential)[] = await suite.vault.database.query(
      `SELECT organization_id "organizationId", connection_id "connectionId", origin, kind, subject, version,
        kek_id "kekId", kek_version "kekVersion", wrapped_dek "wrappedDek", nonce, ciphertext, tag
      FROM credential JOIN connection ON connection.id = connection_id`,
    );
    await Promise.all(rows.map((row) => envelope.open(row, row)));
    return rows.length;
  };
  const addMany = async (count: number) => {
    const { organizationId, connectionId } = tenants[0]!;
    const envelope = new Envelope(await provider());
    const kind = 'client-secret';
    const binding = { organizationId, connectionId, origin: suite.ghes.origin, kind } as const;
    const seal = async (version: number) => {
      const sealed = await envelope.seal({ ...binding, version }, Buffer.from('a client secret'));
      return { ...sealed, connectionId, kind, version };
    };
    for (let version = 2; version <= count; version += 500) {
      const rows = await Promise.all(Array.from({ length: 500 }, (_, i) => seal(version + i)));
      await suite.vault.database.getRepository('credential').insert(rows);
    }
  };

  it('continues after a kill, and every credential stays readable', async () => {
    await addMany(6_000);
    const before = await Promise.all(tenants.map(secretsOf));
    expect((await command('kek', 'new-version')).code).toBe(0);
    const wraps = await (await provider()).current();
    expect(wraps.kekVersion).toBe(1);
    const current = { ...wraps, kekVersion: 2 };
    const total = await countOutdated(suite.vault.database, current);

    // Blocked halfway by a lock on one of the rows.
    const holder = suite.vault.database.createQueryRunner();
    await holder.startTransaction();
    await holder.query(`SELECT FROM credential WHERE connection_id = $1 AND version = 3000 FOR UPDATE`, [
      tenants[0]!.connectionId,
    ]);
    const child = spawnVault('cli', ['kek', 'rotate'], suite.vault.config);
    const waiting = `FROM pg_stat_activity WHERE wait_event_type = 'Lock'`;
    do {
      expect(await openAll()).toBeGreaterThan(6_000);
      expect(await Promise.all(tenants.map(secretsOf))).toEqual(before);
    } while ((await suite.vault.database.query<object[]>(`SELECT pid ${waiting}`)).length === 0);
    child.kill('SIGKILL');
    await exited(child);
    // The server would go on with the statement of a client that is gone.
    await suite.vault.database.query(`SELECT pg_terminate_backend(pid, 10_000) ${waiting}`);
    await holder.rollbackTransaction();
    await holder.release();
    const left = await countOutdated(suite.vault.database, current);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(total);
    expect(await openAll()).toBeGreaterThan(6_000);
    await expect(command('kek', 'destroy-version', '1')).resolves.toMatchObject({
      code: 1,
      lines: [expect.stringContaining('Run kek rotate first')],
    });

    const { code, lines } = await command('kek', 'rotate');
    expect([code, lines.at(-1)]).toEqual([0, expect.stringContaining(`${left} data keys`)]);
    expect(await countOutdated(suite.vault.database, current)).toBe(0);
    expect(await openAll()).toBeGreaterThan(6_000);
    expect(await Promise.all(tenants.map(secretsOf))).toEqual(before);
    expect((await command('kek', 'status')).lines).toEqual([`${current.kekId} version 2 (current)`]);
  });

  it('later credentials are wrapped by the new version', async () => {
    await connect(suite.vault, suite.ghes);
    expect(await countOutdated(suite.vault.database, await (await provider()).current())).toBe(0);
  });

  describe('and an old dump', () => {
    let victim: Tenant;
    let old: Dump;
    const forget = (deleted: Tenant) => suite.vault.as.api.deleteConnection(deleted);

    beforeAll(async () => {
      victim = await connect(suite.vault, suite.ghes);
      old = await dump(suite.vault.database);
      await forget(victim);
    });

    it('attack: restores a deleted connection’s credentials while their KEK exists', async () => {
      await restore(suite.vault.database, old, victim.connectionId);
      await expect(secretsOf(victim)).resolves.toMatchObject({ secrets: [expect.any(String)] });
    });

    it('fails while credentials are still wrapped by the old version', async () => {
      await expect(command('kek', 'destroy-version', '2')).resolves.toMatchObject({
        code: 1,
        lines: [expect.stringContaining('is the current one')],
      });
      await command('kek', 'new-version');
      await expect(command('kek', 'destroy-version', '2')).resolves.toMatchObject({
        code: 1,
        lines: [expect.stringContaining('is the current one')],
      });
      await expect(secretsOf(tenants[0]!)).resolves.toBeDefined();
    });

    it('P5: attack: does not decrypt after the KEK was rotated and its old version destroyed', async () => {
      await forget(victim);
      expect((await command('kek', 'rotate')).code).toBe(0);
      const destroyed = await command('kek', 'destroy-version', '2');
      expect(destroyed).toMatchObject({ code: 0, lines: [expect.stringContaining('is destroyed')] });
      // The vault's database rejects the rows, and another database does not help.
      const restored = restore(suite.vault.database, old, victim.connectionId);
      await expect(restored).rejects.toThrow('was destroyed');
      await suite.vault.database.query('ALTER TABLE credential DISABLE TRIGGER credential_kek_alive');
      await restore(suite.vault.database, old, victim.connectionId);
      await suite.vault.database.query('ALTER TABLE credential ENABLE TRIGGER credential_kek_alive');
      // What the running vault has read of the key file is believed for a second.
      await wait(1_100);
      await expect(secretsOf(victim)).rejects.toMatchObject({ code: 'credential-undecryptable', retryable: false });
      await expect(secretsOf(tenants[0]!)).resolves.toBeDefined();
      await forget(victim);
    });
  });

  it('stops when the key service is unavailable, and counts no credential as unreadable', async () => {
    const away = { rewrap: () => Promise.reject(new KekUnavailableError('The key service is away.')) };
    const next = { ...(await (await provider()).current()), kekVersion: 99 };
    const rotation = rotateKek(suite.vault.database, away as unknown as Envelope, next);
    await expect(rotation.next()).rejects.toMatchObject({ code: 'kek-unavailable' });
  });

  it('leaves one audit record per run, and reports credentials that do not decrypt', async () => {
    await suite.vault.database.query(
      `UPDATE credential SET wrapped_dek = '\\x00' WHERE connection_id = $1 AND kind = 'private-key'`,
      [tenants[0]!.connectionId],
    );
    await command('kek', 'new-version');
    const { code, lines } = await command('kek', 'rotate');
    expect([code, lines.at(-1)]).toEqual([1, expect.stringContaining('1 do not decrypt')]);
    const audit = await command('audit', 'list', '--caller', 'operator');
    expect(audit.lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { method: 'rotateKek', outcome: 'credential-undecryptable', scope: { kekVersion: 4, failed: 1 } },
      { method: 'destroyKekVersion', outcome: 'ok', scope: { kekVersion: 2 } },
      { method: 'rotateKek', outcome: 'ok', scope: { kekVersion: 3, failed: 0 } },
      { method: 'rotateKek', outcome: 'ok', scope: { kekVersion: 2, failed: 0 } },
    ]);
  });
});
