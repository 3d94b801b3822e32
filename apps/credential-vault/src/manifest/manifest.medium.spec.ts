import { describe, expect, it } from '@jest/globals';
import { connect, newTenant } from '../../test/test-vault.js';
import type { Tenant } from '../../test/test-vault.js';
import { useTestVault } from '../../test/use-test-vault.js';

describe('the manifest flow', () => {
  const suite = useTestVault();

  const begin = async (tenant: Tenant, origin = suite.ghes.origin) =>
    (await suite.vault.as.api.beginManifest({ ...tenant, origin, owner: 'acme' })).state;
  const complete = async (tenant: Tenant, state: string, owner = 'acme') => {
    const { organizationId, subject, connectionId } = tenant;
    const code = await suite.ghes.manifestCode(connectionId, owner);
    return suite.vault.as.api.completeManifest({ organizationId, subject, state, code });
  };

  it('stores the credentials and returns the app, although the server rejects the new app at first', async () => {
    const tenant = newTenant();
    const body = { message: 'A JSON web token could not be decoded' };
    await suite.ghes.fault('* /app/*', { status: 401, body, count: 3 });
    const { connectionId, app } = await complete(tenant, await begin(tenant));
    expect(connectionId).toBe(tenant.connectionId);
    expect(app).toMatchObject({ owner: 'acme', permissions: { contents: 'write' } });
  });

  it('generates a webhook secret if the server returns none, and sends it to the server', async () => {
    const { connectionId, slug } = await connect(suite.vault, suite.ghes);
    const { secrets } = await suite.vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId });
    expect(secrets).toEqual([await suite.ghes.hookSecret(slug)]);
  });

  it('stores the webhook secret that the server returns', async () => {
    const patched = await suite.ghes.count('PATCH /app/hook/config');
    const webhook_secret = 'given by the server';
    await suite.ghes.fault('POST /app-manifests/conversions', { kind: 'changed-members', body: { webhook_secret } });
    const { connectionId } = await connect(suite.vault, suite.ghes);
    const { secrets } = await suite.vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId });
    expect(secrets).toEqual(['given by the server']);
    expect(await suite.ghes.count('PATCH /app/hook/config')).toBe(patched);
  });

  it('P5: a state works once, also for two concurrent callbacks', async () => {
    const tenant = newTenant();
    const state = await begin(tenant);
    const before = await suite.ghes.count('POST /app-manifests/conversions');
    const results = await Promise.allSettled([complete(tenant, state), complete(tenant, state)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(complete(tenant, state)).rejects.toMatchObject({ code: 'manifest-state-used', retryable: false });
    expect(await suite.ghes.count('POST /app-manifests/conversions')).toBe(before + 1);
  });

  it('P5: a state expires after an hour', async () => {
    const tenant = newTenant();
    const state = await begin(tenant);
    await suite.vault.database.query(`UPDATE manifest_flow SET expires_at = now() WHERE connection_id = $1`, [
      tenant.connectionId,
    ]);
    await expect(complete(tenant, state)).rejects.toMatchObject({ code: 'manifest-state-expired' });
  });

  it('P5: the state itself is not stored', async () => {
    const state = await begin(newTenant());
    const rows: unknown = await suite.vault.database.query('SELECT manifest_flow::text FROM manifest_flow');
    expect(JSON.stringify(rows)).not.toContain(state);
  });

  it('P8: another subject or organization cannot complete the setup and does not use up the state', async () => {
    const tenant = newTenant();
    const state = await begin(tenant);
    const before = await suite.ghes.count('POST /app-manifests/conversions');
    await expect(complete({ ...tenant, subject: 'mallory' }, state)).rejects.toMatchObject({
      code: 'manifest-state-foreign-subject',
    });
    await expect(complete({ ...tenant, organizationId: 'another' }, state)).rejects.toMatchObject({
      code: 'manifest-state-unknown',
    });
    await expect(complete(tenant, `${state}x`)).rejects.toMatchObject({ code: 'manifest-state-unknown' });
    expect(await suite.ghes.count('POST /app-manifests/conversions')).toBe(before);
    await expect(complete(tenant, state)).resolves.toMatchObject({ connectionId: tenant.connectionId });
  });

  it('P8: a connection of another organization or with an app cannot be set up again', async () => {
    const tenant = await connect(suite.vault, suite.ghes);
    await expect(begin({ ...tenant, organizationId: 'another' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(begin(tenant)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('P6: the origin of a connection never changes', async () => {
    const tenant = newTenant();
    await begin(tenant);
    await expect(begin(tenant, 'http://127.0.0.1:1')).rejects.toMatchObject({ code: 'conflict' });
    for (const column of ['origin', 'organization_id']) {
      const change = `UPDATE connection SET ${column} = 'http://another' WHERE id = $1`;
      await expect(suite.vault.database.query(change, [tenant.connectionId])).rejects.toThrow(/ of vault\./);
    }
  });

  it('rejects an app of another owner than the state is bound to', async () => {
    const tenant = newTenant();
    const state = await begin(tenant);
    await expect(complete(tenant, state, 'globex')).rejects.toMatchObject({ code: 'manifest-state-foreign-owner' });
  });

  it('states that the server no longer accepts the code', async () => {
    const tenant = newTenant();
    const request = { organizationId: tenant.organizationId, subject: tenant.subject, state: await begin(tenant) };
    await expect(suite.vault.as.api.completeManifest({ ...request, code: 'expired' })).rejects.toMatchObject({
      code: 'manifest-state-unknown-code',
      message: expect.stringContaining('codes work once, for one hour'),
    });
  });

  it('accepts the same callback again if the server failed before it answered', async () => {
    const tenant = newTenant();
    const state = await begin(tenant);
    await suite.ghes.fail('POST /app-manifests/conversions');
    await expect(complete(tenant, state)).rejects.toMatchObject({ code: 'ghes-server-error', retryable: true });
    await expect(complete(tenant, state)).resolves.toMatchObject({ connectionId: tenant.connectionId });
  });

  it('loses nothing when the server fails right after the exchange', async () => {
    const tenant = newTenant();
    const state = await begin(tenant);
    await suite.ghes.fail('PATCH /app/hook/config');
    await expect(complete(tenant, state)).rejects.toMatchObject({ code: 'ghes-server-error', retryable: true });
    const { organizationId, connectionId } = tenant;
    const { slug } = await suite.vault.as.api.getApp({ organizationId, connectionId });
    const { secrets } = await suite.vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId });
    expect(secrets).toEqual([await suite.ghes.hookSecret(slug)]);
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
