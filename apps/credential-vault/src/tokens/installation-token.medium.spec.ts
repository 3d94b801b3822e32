import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureDevelopmentCa, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import { INSTALLATION_ID, startFakeGhes } from '../../test/fake-ghes.js';
import type { FakeGhes } from '../../test/fake-ghes.js';
import { connect, services, startTestVault, temporaryFolder } from '../../test/test-vault.js';
import type { Tenant, TestVault } from '../../test/test-vault.js';

const MINT = 'POST /app/installations/access_tokens';

describe('installation tokens', () => {
  let postgres: RunningPostgres;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let vault: TestVault;
  let ghes: FakeGhes;
  let other: FakeGhes;
  let tenant: Tenant;

  beforeAll(async () => {
    [postgres, folder, ghes, other] = await Promise.all([
      startPostgres(),
      temporaryFolder(),
      startFakeGhes(),
      startFakeGhes(),
    ]);
    const identities = await ensureDevelopmentCa(folder.path, services);
    vault = await startTestVault(postgres.url('reunite_vault'), folder.path, identities);
    tenant = await connect(vault, ghes);
  });
  afterAll(async () => {
    await vault.close();
    await Promise.all([ghes.close(), other.close(), postgres.stop(), folder.remove()]);
  });

  const mint = ({ organizationId, connectionId }: Tenant, repositoryIds: number[], contents = 'read') =>
    vault.as['sync-worker'].mintInstallationToken({
      organizationId,
      connectionId,
      installationId: INSTALLATION_ID,
      repositoryIds,
      permissions: { contents },
    });

  it('are narrowed to repository and permissions, and name their origin', async () => {
    const { token, origin, expiresAt } = await mint(tenant, [42]);
    expect(ghes.secrets).toContain(token);
    expect(origin).toBe(ghes.origin);
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
    const body = ghes.requests.findLast(({ route }) => route === MINT)?.body;
    expect(body).toEqual({ repository_ids: [42], permissions: { contents: 'read' } });
  });

  it('P6: 50 concurrent calls for one key make one request', async () => {
    const before = ghes.count(MINT);
    const tokens = await Promise.all(Array.from({ length: 50 }, () => mint(tenant, [1])));
    const again = await mint(tenant, [1, 1]);
    expect(new Set([...tokens, again].map(({ token }) => token)).size).toBe(1);
    expect(ghes.count(MINT)).toBe(before + 1);
  });

  it('P6: another scope is another token', async () => {
    const [read, write, other] = await Promise.all([mint(tenant, [5]), mint(tenant, [5], 'write'), mint(tenant, [6])]);
    expect(new Set([read.token, write.token, other.token]).size).toBe(3);
  });

  it('P6: two servers with the same app, installation and repository ids never see each other’s token', async () => {
    const elsewhere = await connect(vault, other, { ...tenant, connectionId: `${tenant.connectionId}-2` });
    const pairs = await Promise.all([10, 11, 12].map((id) => Promise.all([mint(tenant, [id]), mint(elsewhere, [id])])));
    for (const [own, foreign] of pairs) {
      expect(own.origin).toBe(ghes.origin);
      expect(foreign.origin).toBe(other.origin);
      expect(ghes.secrets).toContain(own.token);
      expect(other.secrets).toContain(foreign.token);
    }
    const seenBy = (server: FakeGhes) => server.requests.map(({ authorization }) => authorization).join(' ');
    for (const secret of other.secrets) expect(seenBy(ghes)).not.toContain(secret);
  });

  it('P8: another organization gets no token and cannot find out that the connection exists', async () => {
    const notFound = { code: 'not-found', retryable: false };
    await expect(mint({ ...tenant, organizationId: 'another' }, [42])).rejects.toMatchObject(notFound);
    await expect(mint({ ...tenant, connectionId: 'con_missing' }, [42])).rejects.toMatchObject(notFound);
  });

  it('reports a suspended installation with its own error', async () => {
    ghes.suspended = true;
    await expect(mint(tenant, [99])).rejects.toMatchObject({ code: 'ghes-suspended', retryable: false });
    const { organizationId, connectionId } = tenant;
    const { installations } = await vault.as.api.listInstallations({ organizationId, connectionId });
    expect(installations).toMatchObject([{ id: INSTALLATION_ID, owner: 'acme', suspended: true }]);
    ghes.suspended = false;
    await expect(mint(tenant, [99])).resolves.toMatchObject({ origin: ghes.origin });
  });

  it('attack: a compromised worker gets no token for all repositories, several of them or every permission', async () => {
    const denied = { code: 'caller-denied', retryable: false };
    const before = ghes.count(MINT);
    await expect(mint(tenant, [])).rejects.toMatchObject(denied);
    await expect(mint(tenant, [5, 6])).rejects.toMatchObject(denied);
    await expect(mint(tenant, [5], 'admin')).rejects.toMatchObject(denied);
    expect(ghes.count(MINT)).toBe(before);
    const rows: { scope: object }[] = await vault.database.query(
      `SELECT scope FROM audit_record WHERE organization_id = $1 AND outcome = 'caller-denied' ORDER BY seq LIMIT 1`,
      [tenant.organizationId],
    );
    const scope = { installationId: INSTALLATION_ID, repositoryIds: [], permissions: { contents: 'read' } };
    expect(rows).toEqual([{ scope }]);
  });

  it('rejects a request that names no permission', async () => {
    const { organizationId, connectionId } = tenant;
    const request = { organizationId, connectionId, installationId: 7, repositoryIds: [], permissions: {} };
    await expect(vault.as['sync-worker'].mintInstallationToken(request)).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  it('are revoked with the deletion of the connection, and its credentials are destroyed', async () => {
    const doomed = await connect(vault, ghes);
    const { token } = await mint(doomed, [42]);
    const { connectionId } = doomed;
    const foreign = vault.as.api.deleteConnection({ ...doomed, organizationId: 'another' });
    await expect(foreign).rejects.toMatchObject({ code: 'not-found' });
    await vault.as.api.deleteConnection(doomed);
    const revocations = ghes.requests.filter(({ route }) => route === 'DELETE /installation/token');
    expect(revocations.map(({ authorization }) => authorization)).toEqual([`Bearer ${token}`]);
    await expect(mint(doomed, [42])).rejects.toMatchObject({ code: 'not-found' });
    const rows: unknown[] = await vault.database.query('SELECT FROM credential WHERE connection_id = $1', [
      connectionId,
    ]);
    expect(rows).toHaveLength(0);
  });
});
