import { setTimeout as wait } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { lineOf, rsaKeyPair } from '../../test/test-ghes.js';
import { connect } from '../../test/test-vault.js';
import type { ConnectedTenant } from '../../test/test-vault.js';
import { useTestVault } from '../../test/use-test-vault.js';

describe('rotation', () => {
  const suite = useTestVault();
  let tenant: ConnectedTenant;

  beforeEach(async () => {
    tenant = await connect(suite.vault, suite.ghes);
  });

  const getApp = () =>
    suite.vault.as.api.getApp({ organizationId: tenant.organizationId, connectionId: tenant.connectionId });
  const mint = () =>
    suite.vault.as['sync-worker'].mintInstallationToken({
      organizationId: tenant.organizationId,
      connectionId: tenant.connectionId,
      installationId: tenant.installationId,
      repositoryIds: [1],
      permissions: { contents: 'read' },
    });
  const hookSecret = () => suite.ghes.hookSecret(tenant.slug);
  const accepted = async () => {
    const { connectionId } = tenant;
    return (await suite.vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId })).secrets;
  };
  const versions = async (kind: string) => {
    const rows: { version: number }[] = await suite.vault.database.query(
      'SELECT version FROM credential WHERE connection_id = $1 AND kind = $2 ORDER BY version',
      [tenant.connectionId, kind],
    );
    return rows.map(({ version }) => version);
  };
  const audited = async (method: string) => {
    const rows: { outcome: string }[] = await suite.vault.database.query(
      'SELECT outcome FROM audit_record WHERE organization_id = $1 AND method = $2 ORDER BY seq',
      [tenant.organizationId, method],
    );
    return rows.map(({ outcome }) => outcome);
  };

  it('of the private key: verifies and stores the new one, and drops the old one and the tokens', async () => {
    const before = await mint();
    const { privateKey } = rsaKeyPair('pkcs8');
    const unknown = suite.vault.as.api.rotatePrivateKey({ ...tenant, credential: privateKey });
    await expect(unknown).rejects.toMatchObject({ code: 'app-wrong-key' });
    expect(await versions('private-key')).toEqual([1]);

    const next = await suite.ghes.replaceKeys(tenant.slug);
    await expect(suite.vault.as.api.rotatePrivateKey({ ...tenant, credential: next })).resolves.toEqual({ version: 2 });
    expect(await versions('private-key')).toEqual([2]);
    await expect(getApp()).resolves.toMatchObject({ slug: tenant.slug });
    expect((await mint()).token).not.toBe(before.token);
    expect(await audited('rotatePrivateKey')).toEqual(['app-wrong-key', 'ok']);
    for (const key of [privateKey, next]) expect(suite.vault.log.join('\n')).not.toContain(lineOf(key));
  });

  it('of the client secret: replaces the old one', async () => {
    const rotated = suite.vault.as.api.rotateClientSecret({ ...tenant, credential: 'the new client secret' });
    await expect(rotated).resolves.toEqual({ version: 2 });
    expect(await versions('client-secret')).toEqual([2]);
    expect(await audited('rotateClientSecret')).toEqual(['ok']);
  });

  it('of one credential by two concurrent calls: runs one after the other', async () => {
    const both = ['the first new secret', 'the other new secret'].map((credential) =>
      suite.vault.as.api.rotateClientSecret({ ...tenant, credential }),
    );
    const done = await Promise.all(both);
    expect(done.map(({ version }) => version).sort()).toEqual([2, 3]);
    expect(await versions('client-secret')).toEqual([3]);
  });

  it('of the webhook secret: accepts both for a while, then only the new one', async () => {
    const [old] = await accepted();
    await suite.vault.as.api.rotateWebhookSecret({ ...tenant, credential: '' });
    const [now, previous, ...more] = await accepted();
    expect([now, previous, more]).toEqual([await hookSecret(), old, []]);
    expect(now).not.toBe(old);
    await suite.vault.database.query(
      `UPDATE connection SET webhook_secret_rotated_at = now() - interval '61 minutes' WHERE id = $1`,
      [tenant.connectionId],
    );
    expect(await accepted()).toEqual([now]);
    expect(await audited('rotateWebhookSecret')).toEqual(['ok']);
  });

  it('of the webhook secret: accepts the secret that the server uses although it did not confirm the new one', async () => {
    const signing = await hookSecret();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await suite.ghes.fail('PATCH /app/hook/config');
      const rotation = suite.vault.as.api.rotateWebhookSecret({ ...tenant, credential: '' });
      await expect(rotation).rejects.toMatchObject({ retryable: true });
      expect(await accepted()).toContain(signing);
    }
    await suite.vault.as.api.rotateWebhookSecret({ ...tenant, credential: 'the entered secret' });
    expect(await hookSecret()).toBe('the entered secret');
    const [now, , ...before] = await accepted();
    expect([now, before]).toEqual(['the entered secret', [signing]]);
  });

  it('of the webhook secret: a slow update with an older one does not leave the server with it', async () => {
    await suite.vault.as.api.rotateWebhookSecret({ ...tenant, credential: '' });
    await suite.vault.database.query('UPDATE connection SET webhook_secret_pending = true WHERE id = $1', [
      tenant.connectionId,
    ]);
    // It has read the secret, and comes to the server after the next one.
    await suite.ghes.delay('PATCH /app/hook/config', 400);
    const slow = getApp();
    await wait(200);
    await suite.vault.database.query('UPDATE connection SET webhook_secret_pending = false WHERE id = $1', [
      tenant.connectionId,
    ]);
    await suite.ghes.clearFaults();
    await suite.vault.as.api.rotateWebhookSecret({ ...tenant, credential: 'the newest of all' });
    await slow;
    expect(await hookSecret()).toBe('the newest of all');
    expect((await accepted())[0]).toBe('the newest of all');
  });

  it('of the webhook secret by many concurrent calls: the server ends with the newest', async () => {
    const rotations = Array.from({ length: 6 }, () =>
      suite.vault.as.api.rotateWebhookSecret({ ...tenant, credential: '' }),
    );
    const results = await Promise.allSettled(rotations);
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
    }
    expect((await accepted())[0]).toBe(await hookSecret());
  });

  it('P8: is denied to another organization', async () => {
    const foreign = { ...tenant, organizationId: 'another', credential: 'the secret of an attacker' };
    for (const method of ['rotatePrivateKey', 'rotateClientSecret', 'rotateWebhookSecret'] as const) {
      await expect(suite.vault.as.api[method](foreign)).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  it('tokens that were reported as stale are no longer handed out', async () => {
    const before = await mint();
    expect((await mint()).token).toBe(before.token);
    const { organizationId, connectionId } = tenant;
    await suite.vault.as['sync-worker'].forgetTokens({ organizationId, connectionId });
    expect((await mint()).token).not.toBe(before.token);
    expect(await audited('forgetTokens')).toEqual(['ok']);
  });
});
