import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { VaultConnectionProfile } from '@reunite/contracts';
import { DIRECT_PROFILE } from '@reunite/ghes-client';
import { connect, newTenant } from '../../test/test-vault.js';
import type { Tenant } from '../../test/test-vault.js';
import { useTestVault } from '../../test/use-test-vault.js';

const direct: VaultConnectionProfile = { ...DIRECT_PROFILE, noProxy: [] };
const withHeader = { ...direct, gatewayHeaderName: 'X-Key', gatewayHeaderValue: 'gateway secret' };

describe('the profile of a connection', () => {
  const suite = useTestVault();
  const replace = (tenant: Tenant, profile: VaultConnectionProfile) =>
    suite.vault.as.api.replaceConnectionProfile({ ...tenant, profile });
  const get = ({ organizationId, connectionId }: Tenant) =>
    suite.vault.as['sync-worker'].getConnectionProfile({ organizationId, connectionId });

  it('is none at first, and then the last one by which the server answered', async () => {
    const tenant = await connect(suite.vault, suite.ghes);
    expect(await get(tenant)).toMatchObject({ version: 0, profile: { proxyUrl: '', gatewayHeaderName: '' } });
    expect(await replace(tenant, withHeader)).toEqual({ version: 1 });
    expect(await get(tenant)).toMatchObject({ version: 1, profile: withHeader });
    const { gatewayHeaderValue: _, ...withoutValue } = withHeader;
    expect(await replace(tenant, { ...withoutValue, connectTimeoutSeconds: 5 })).toEqual({ version: 2 });
    expect(await get(tenant)).toMatchObject({ profile: { ...withHeader, connectTimeoutSeconds: 5 } });
    const rows: unknown = await suite.vault.database.query(
      `SELECT version FROM credential WHERE kind = 'connection-profile' AND connection_id = $1`,
      [tenant.connectionId],
    );
    expect(rows).toEqual([{ version: 2 }]);
  });

  it('stays as it is if the server does not answer by the new one', async () => {
    const tenant = await connect(suite.vault, suite.ghes);
    await replace(tenant, withHeader);
    const closed = { ...direct, proxyUrl: 'http://127.0.0.1:3128' };
    await expect(replace(tenant, closed)).rejects.toMatchObject({ code: 'ghes-proxy-unreachable' });
    expect(await get(tenant)).toMatchObject({ version: 1, profile: withHeader });
  });

  it('stays as it is if the server does not accept the app', async () => {
    const tenant = await connect(suite.vault, suite.ghes);
    await suite.ghes.replaceKeys(tenant.slug);
    await expect(replace(tenant, direct)).rejects.toMatchObject({ code: 'ghes-unauthorized' });
    expect(await get(tenant)).toMatchObject({ version: 0 });
  });

  it('names the invalid fields and none of their values', async () => {
    const tenant = await connect(suite.vault, suite.ghes);
    const invalid = { ...withHeader, gatewayHeaderName: 'Authorization', caBundle: 'hello' };
    await expect(replace(tenant, invalid)).rejects.toMatchObject({
      code: 'invalid-input',
      violations: [
        { path: 'caBundle', message: expect.stringContaining('not a certificate') },
        { path: 'gatewayHeaderName', message: expect.stringContaining('set by the bridge') },
      ],
    });
  });

  it('attack: a stored gateway header is not sent through a proxy or to an authority that was entered later', async () => {
    const tenant = await connect(suite.vault, suite.ghes);
    await replace(tenant, withHeader);
    const { gatewayHeaderValue: _, ...withoutValue } = withHeader;
    const ca = await readFile(suite.identities.api.caFile, 'utf8');
    for (const change of [{ proxyUrl: 'http://127.0.0.1:3128' }, { caBundle: ca }]) {
      await expect(replace(tenant, { ...withoutValue, ...change })).rejects.toMatchObject({
        code: 'invalid-input',
        violations: [{ path: 'gatewayHeaderValue', message: expect.stringContaining('again') }],
      });
    }
    expect(await get(tenant)).toMatchObject({ version: 1, profile: withHeader });
    expect(await replace(tenant, { ...withHeader, caBundle: ca })).toEqual({ version: 2 });
  });

  it('is checked and stored when a connection is set up, with its first app', async () => {
    const tenant = newTenant();
    const begin = (profile: VaultConnectionProfile | null) =>
      suite.vault.as.api.beginManifest({ ...tenant, origin: suite.ghes.origin, owner: 'acme', profile });
    await expect(begin({ ...direct, proxyUrl: 'http://127.0.0.1:3128' })).rejects.toMatchObject({
      code: 'ghes-proxy-unreachable',
    });
    await expect(get(tenant)).rejects.toMatchObject({ code: 'not-found' });
    await begin(withHeader);
    await begin(null);
    expect(await get(tenant)).toMatchObject({ version: 1, profile: withHeader });
  });

  it('P5: is returned to the worker only', async () => {
    const { organizationId, connectionId } = await connect(suite.vault, suite.ghes);
    for (const caller of ['api', 'webhook-ingest', 'preview-host'] as const) {
      const call = suite.vault.as[caller].getConnectionProfile({ organizationId, connectionId });
      await expect(call).rejects.toMatchObject({ code: 'caller-denied' });
    }
  });

  it('P8: attack: another organization cannot read or replace it', async () => {
    const tenant = await connect(suite.vault, suite.ghes);
    const other = { ...tenant, organizationId: 'another' };
    await expect(replace(other, direct)).rejects.toMatchObject({ code: 'not-found' });
    await expect(get(other)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is audited without its secrets', async () => {
    const tenant = await connect(suite.vault, suite.ghes);
    await replace(tenant, withHeader);
    const rows: unknown = await suite.vault.database.query(
      `SELECT scope FROM audit_record WHERE method = 'replaceConnectionProfile' AND connection_id = $1`,
      [tenant.connectionId],
    );
    expect(rows).toEqual([
      { scope: expect.objectContaining({ gatewayHeaderName: 'X-Key', version: 1, subject: tenant.subject }) },
    ]);
    expect(JSON.stringify(rows)).not.toContain('gateway secret');
  });
});
