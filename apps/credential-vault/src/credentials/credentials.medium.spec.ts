import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { useTestVault } from '../../test/use-test-vault.js';
import { connect, quiet } from '../../test/test-vault.js';
import type { Tenant } from '../../test/test-vault.js';
import { startVault } from '../start-vault.js';

describe('P5: credentials at rest', () => {
  const suite = useTestVault();
  let tenant: Tenant;

  beforeEach(async () => {
    tenant = await connect(suite.vault, suite.ghes);
  });

  const secretsOf = ({ connectionId }: Tenant) =>
    suite.vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId });
  const undecryptable = { code: 'credential-undecryptable', retryable: false };

  it('no other database role can read the vault’s tables', async () => {
    const url = new URL(suite.postgres.url('reunite_bridge'));
    const { Client } = (await import('pg')).default;
    const client = new Client({ connectionString: url.href });
    await client.connect();
    await expect(client.query('SELECT * FROM vault.credential')).rejects.toThrow('permission denied');
    await client.end();
  });

  it.each([
    [
      'ciphertext',
      `UPDATE credential SET ciphertext = set_byte(ciphertext, 0, get_byte(ciphertext, 0) # 1) WHERE connection_id = $1`,
    ],
    [
      'wrapped data key',
      `UPDATE credential SET wrapped_dek = set_byte(wrapped_dek, 40, get_byte(wrapped_dek, 40) # 1) WHERE connection_id = $1`,
    ],
  ])('a row whose %s was changed does not decrypt', async (_what, change) => {
    await suite.vault.database.query(change, [tenant.connectionId]);
    await expect(secretsOf(tenant)).rejects.toMatchObject(undecryptable);
  });

  describe('the key file', () => {
    const keyFile = () => fileURLToPath(suite.vault.config.KEK_URL);
    const start = () => startVault(suite.vault.config, quiet);

    it('is created on first start, readable by its owner only', async () => {
      expect((await stat(keyFile())).mode & 0o777).toBe(0o600);
    });

    it('prevents the start while other users can read it', async () => {
      await chmod(keyFile(), 0o640);
      await expect(start()).rejects.toThrow('chmod 600');
      await chmod(keyFile(), 0o600);
    });

    it('prevents the start if it is missing or lacks a KEK in use, and is not replaced', async () => {
      const original = await readFile(keyFile(), 'utf8');
      await rm(keyFile());
      await expect(start()).rejects.toThrow('Restore the file');
      await expect(stat(keyFile())).rejects.toThrow('ENOENT');
      await writeFile(keyFile(), original.replace(/"id": "kek-/, '"id": "kek-another-'), { mode: 0o600 });
      await expect(start()).rejects.toThrow('Restore that key');
      await writeFile(keyFile(), 'not a key file: secret-text');
      await expect(start()).rejects.toThrow('does not contain');
      await writeFile(keyFile(), original);
      await (await start()).close();
    });
  });
});
