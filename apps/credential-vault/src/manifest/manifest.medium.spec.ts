import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureDevelopmentCa, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import { TestGhes } from '../../test/test-ghes.js';
import { connect, newTenant, services, startTestVault, temporaryFolder } from '../../test/test-vault.js';
import type { Tenant, TestVault } from '../../test/test-vault.js';

describe('the manifest flow', () => {
  let postgres: RunningPostgres;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let vault: TestVault;
  let ghes: TestGhes;

  beforeAll(async () => {
    [postgres, folder, ghes] = await Promise.all([startPostgres(), temporaryFolder(), TestGhes.start()]);
    const identities = await ensureDevelopmentCa(folder.path, services);
    vault = await startTestVault(postgres.url('reunite_vault'), folder.path, identities);
  });
  afterAll(async () => {
    await vault.close();
    await Promise.all([ghes.close(), postgres.stop(), folder.remove()]);
  });

  const begin = async (tenant: Tenant, origin = ghes.origin) =>
    (await vault.as.api.beginManifest({ ...tenant, origin, owner: 'acme' })).state;
  const complete = async (tenant: Tenant, state: string, owner = 'acme') => {
    const { organizationId, subject, connectionId } = tenant;
    const code = await ghes.manifestCode(connectionId, owner);
    return vault.as.api.completeManifest({ organizationId, subject, state, code });
  };

  it('stores the credentials and returns the app, although the server rejects the new app at first', async () => {
    const tenant = newTenant();
    const body = { message: 'A JSON web token could not be decoded' };
    await ghes.fault('* /app/*', { status: 401, body, count: 3 });
    const { connectionId, app } = await complete(tenant, await begin(tenant));
    expect(connectionId).toBe(tenant.connectionId);
    expect(app).toMatchObject({ owner: 'acme', permissions: { contents: 'write' } });
  });

  it('generates a webhook secret if the server returns none, and sends it to the server', async () => {
    const { connectionId, slug } = await connect(vault, ghes);
    const { secrets } = await vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId });
    expect(secrets).toEqual([await ghes.hookSecret(slug)]);
  });

  it('stores the webhook secret that the server returns', async () => {
    const patched = await ghes.count('PATCH /app/hook/config');
    const webhook_secret = 'given by the server';
    await ghes.fault('POST /app-manifests/conversions', { kind: 'changed-members', body: { webhook_secret } });
    const { connectionId } = await connect(vault, ghes);
    const { secrets } = await vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId });
    expect(secrets).toEqual(['given by the server']);
    expect(await ghes.count('PATCH /app/hook/config')).toBe(patched);
  });

  it('P5: a state works once, also for two concurrent callbacks', async () => {
    const tenant = newTenant();
    const state = await begin(tenant);
    const before = await ghes.count('POST /app-manifests/conversions');
    const results = await Promise.allSettled([complete(tenant, state), complete(tenant, state)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(complete(tenant, state)).rejects.toMatchObject({ code: 'manifest-state-used', retryable: false });
    expect(await ghes.count('POST /app-manifests/conversions')).toBe(before + 1);
  });

  it('P5: a state expires after an hour', async () => {
    const tenant = newTenant();
    const state = await begin(tenant);
    await vault.database.query(`UPDATE manifest_flow SET expires_at = now() WHERE connection_id = $1`, [
      tenant.connectionId,
    ]);
    await expect(complete(tenant, state)).rejects.toMatchObject({ code: 'manifest-state-expired' });
  });

  it('P5: the state itself is not stored', async () => {
    const state = await begin(newTenant());
    const rows: unknown = await vault.database.query('SELECT manifest_flow::text FROM manifest_flow');
    expect(JSON.stringify(rows)).not.toContain(state);
  });

  it('P8: another subject or organization cannot complete the setup and does not use up the state', async () => {
    const tenant = newTenant();
    const state = await begin(tenant);
    const before = await ghes.count('POST /app-manifests/conversions');
    await expect(complete({ ...tenant, subject: 'mallory' }, state)).rejects.toMatchObject({
      code: 'manifest-state-foreign-subject',
    });
    await expect(complete({ ...tenant, organizationId: 'another' }, state)).rejects.toMatchObject({
      code: 'manifest-state-unknown',
    });
    await expect(complete(tenant, `${state}x`)).rejects.toMatchObject({ code: 'manifest-state-unknown' });
    expect(await ghes.count('POST /app-manifests/conversions')).toBe(before);
    await expect(complete(tenant, state)).resolves.toMatchObject({ connectionId: tenant.connectionId });
  });

  it('P8: a connection of another organization or with an app cannot be set up again', async () => {
    const tenant = await connect(vault, ghes);
    await expect(begin({ ...tenant, organizationId: 'another' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(begin(tenant)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('P6: the origin of a connection never changes', async () => {
    const tenant = newTenant();
    await begin(tenant);
    await expect(begin(tenant, 'http://127.0.0.1:1')).rejects.toMatchObject({ code: 'conflict' });
    for (const column of ['origin', 'organization_id']) {
      const change = `UPDATE connection SET ${column} = 'http://another' WHERE id = $1`;
      await expect(vault.database.query(change, [tenant.connectionId])).rejects.toThrow(/ of vault\./);
    }
  });

  it('rejects an app of another owner than the state is bound to', async () => {
    const tenant = newTenant();
    const state = await begin(tenant);
    await expect(complete(tenant, state, 'globex')).rejects.toMatchObject({ code: 'manifest-state-foreign-owner' });
  });

  it('accepts the same callback again if the server failed before it answered', async () => {
    const tenant = newTenant();
    const state = await begin(tenant);
    await ghes.fail('POST /app-manifests/conversions');
    await expect(complete(tenant, state)).rejects.toMatchObject({ code: 'ghes-server-error', retryable: true });
    await expect(complete(tenant, state)).resolves.toMatchObject({ connectionId: tenant.connectionId });
  });

  it('loses nothing when the server fails right after the exchange', async () => {
    const tenant = newTenant();
    const state = await begin(tenant);
    await ghes.fail('PATCH /app/hook/config');
    await expect(complete(tenant, state)).rejects.toMatchObject({ code: 'ghes-server-error', retryable: true });
    const { organizationId, connectionId } = tenant;
    const { slug } = await vault.as.api.getApp({ organizationId, connectionId });
    const { secrets } = await vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId });
    expect(secrets).toEqual([await ghes.hookSecret(slug)]);
  });

  it.each([
    ['https://github.com', 'server-url-is-github-com'],
    ['https://acme.ghe.com', 'server-url-is-ghe-com'],
    ['ftp://ghes.example.com', 'server-url-not-http'],
    ['https://user:password@ghes.example.com', 'server-url-has-credentials'],
    ['https://ghes.example.com/path', 'server-url-has-path'],
  ])('rejects %s', async (origin, code) => {
    await expect(begin(newTenant(), origin)).rejects.toMatchObject({ code, retryable: false });
  });
});
