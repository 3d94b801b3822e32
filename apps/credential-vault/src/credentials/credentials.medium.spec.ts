import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ensureDevelopmentCa, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import { INSTALLATION_ID, startFakeGhes } from '../../test/fake-ghes.js';
import type { FakeGhes } from '../../test/fake-ghes.js';
import { connect, quiet, services, startVaultHarness, temporaryFolder } from '../../test/vault-harness.js';
import type { Tenant, VaultHarness } from '../../test/vault-harness.js';
import { startVault } from '../start-vault.js';

describe('P5: credentials at rest', () => {
  let postgres: RunningPostgres;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let vault: VaultHarness;
  let ghes: FakeGhes;
  let tenant: Tenant;

  beforeAll(async () => {
    [postgres, folder, ghes] = await Promise.all([startPostgres(), temporaryFolder(), startFakeGhes()]);
    const identities = await ensureDevelopmentCa(folder.path, services);
    vault = await startVaultHarness(postgres.url('reunite_vault'), folder.path, identities);
  });
  afterAll(async () => {
    await vault.close();
    await Promise.all([ghes.close(), postgres.stop(), folder.remove()]);
  });
  beforeEach(async () => {
    tenant = await connect(vault, ghes);
  });

  const secretsOf = ({ connectionId }: Tenant) =>
    vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId });
  const undecryptable = { code: 'credential-undecryptable', retryable: false };

  it('a dump of the database and the whole log hold no secret', async () => {
    await vault.as['sync-worker'].mintInstallationToken({
      organizationId: tenant.organizationId,
      connectionId: tenant.connectionId,
      installationId: INSTALLATION_ID,
      repositoryIds: [],
      permissions: { metadata: 'read' },
    });
    const tables = ['connection', 'credential', 'manifest_flow', 'audit_record'];
    const columns = (table: string) => vault.database.query<Record<string, unknown>[]>(`SELECT * FROM ${table}`);
    const rows = (await Promise.all(tables.map(columns))).flat();
    // As it lies in a dump, and decoded, so that a secret in a binary column is found too.
    const dump = rows
      .flatMap((row) => Object.values(row))
      .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)))
      .join('\n');
    expect(rows.length).toBeGreaterThan(5);
    expect(ghes.secrets.length).toBeGreaterThan(3);
    for (const secret of ghes.secrets) {
      expect(secret.length).toBeGreaterThan(20);
      expect(dump).not.toContain(secret);
      expect(vault.log.join('\n')).not.toContain(secret);
    }
  });

  it('no other database role can read the vault’s tables', async () => {
    const url = new URL(postgres.url('reunite_bridge'));
    const { Client } = (await import('pg')).default;
    const client = new Client({ connectionString: url.href });
    await client.connect();
    await expect(client.query('SELECT * FROM vault.credential')).rejects.toThrow('permission denied');
    await client.end();
  });

  it('a row that was moved to another connection does not decrypt', async () => {
    const victim = await connect(vault, ghes);
    const thief = tenant;
    await vault.database.query(`DELETE FROM credential WHERE connection_id = $1`, [thief.connectionId]);
    await vault.database.query(`UPDATE credential SET connection_id = $1 WHERE connection_id = $2`, [
      thief.connectionId,
      victim.connectionId,
    ]);
    await expect(secretsOf(thief)).rejects.toMatchObject(undecryptable);
  });

  it.each([
    [
      'kind',
      `UPDATE credential SET kind = 'webhook-secret', version = 2 WHERE kind = 'client-secret' AND connection_id = $1`,
    ],
    ['version', `UPDATE credential SET version = 2 WHERE kind = 'webhook-secret' AND connection_id = $1`],
    [
      'ciphertext',
      `UPDATE credential SET ciphertext = set_byte(ciphertext, 0, get_byte(ciphertext, 0) # 1) WHERE connection_id = $1`,
    ],
    [
      'wrapped data key',
      `UPDATE credential SET wrapped_dek = set_byte(wrapped_dek, 40, get_byte(wrapped_dek, 40) # 1) WHERE connection_id = $1`,
    ],
  ])('a row whose %s was changed does not decrypt', async (_what, change) => {
    await vault.database.query(change, [tenant.connectionId]);
    await expect(secretsOf(tenant)).rejects.toMatchObject(undecryptable);
  });

  it.each(['origin', 'organization_id'])(
    'P6, P8: with another %s a connection’s credentials do not decrypt',
    async (column) => {
      await vault.database.query('ALTER TABLE connection DISABLE TRIGGER connection_immutable');
      await vault.database.query(`UPDATE connection SET ${column} = 'http://127.0.0.1:1' WHERE id = $1`, [
        tenant.connectionId,
      ]);
      await vault.database.query('ALTER TABLE connection ENABLE TRIGGER connection_immutable');
      await expect(secretsOf(tenant)).rejects.toMatchObject(undecryptable);
    },
  );

  describe('the key file', () => {
    const keyFile = () => fileURLToPath(vault.config.KEK_URL);
    const start = () => startVault(vault.config, quiet);

    it('is made on first start, for its owner only', async () => {
      expect((await stat(keyFile())).mode & 0o777).toBe(0o600);
    });

    it('stops the start while others can read it', async () => {
      await chmod(keyFile(), 0o640);
      await expect(start()).rejects.toThrow('chmod 600');
      await chmod(keyFile(), 0o600);
    });

    it('stops the start when it is missing or lacks a KEK that is in use, and is not replaced', async () => {
      const kept = await readFile(keyFile(), 'utf8');
      await rm(keyFile());
      await expect(start()).rejects.toThrow('Restore the file');
      await expect(stat(keyFile())).rejects.toThrow('ENOENT');
      await writeFile(keyFile(), kept.replace(/"id": "kek-/, '"id": "kek-another-'), { mode: 0o600 });
      await expect(start()).rejects.toThrow('Restore that key');
      await writeFile(keyFile(), 'not a key file: secret-text');
      await expect(start()).rejects.toThrow('does not hold');
      await writeFile(keyFile(), kept);
      await (await start()).close();
    });
  });
});
