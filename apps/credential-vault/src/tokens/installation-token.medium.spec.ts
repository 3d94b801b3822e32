import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestGhes } from '../../test/test-ghes.js';
import { connect } from '../../test/test-vault.js';
import type { ConnectedTenant } from '../../test/test-vault.js';
import { useTestVault } from '../../test/use-test-vault.js';

const MINT = 'POST /app/installations/access_tokens';

describe('installation tokens', () => {
  const suite = useTestVault();
  let other: TestGhes;
  let tenant: ConnectedTenant;

  beforeAll(async () => {
    other = await TestGhes.start();
    for (const server of [suite.ghes, other]) await server.addRepositories(5);
    tenant = await connect(suite.vault, suite.ghes);
  });
  afterAll(() => other.stop());

  const mint = (
    { organizationId, connectionId, installationId }: ConnectedTenant,
    repositoryIds: number[],
    contents = 'read',
  ) =>
    suite.vault.as['sync-worker'].mintInstallationToken({
      organizationId,
      connectionId,
      installationId,
      repositoryIds,
      permissions: { contents },
    });

  it('are narrowed to repository and permissions, and name their origin', async () => {
    const { token, origin, expiresAt } = await mint(tenant, [1]);
    expect(await suite.ghes.secrets()).toContain(token);
    expect(origin).toBe(suite.ghes.origin);
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
    const body = (await suite.ghes.requests()).findLast(({ route }) => route === MINT)?.body;
    expect(body).toEqual({ repository_ids: [1], permissions: { contents: 'read' } });
  });

  it('P6: 50 concurrent calls for one key make one request', async () => {
    const before = await suite.ghes.count(MINT);
    const tokens = await Promise.all(Array.from({ length: 50 }, () => mint(tenant, [2])));
    const again = await mint(tenant, [2, 2]);
    expect(new Set([...tokens, again].map(({ token }) => token)).size).toBe(1);
    expect(await suite.ghes.count(MINT)).toBe(before + 1);
  });

  it('P6: another scope is another token', async () => {
    const [read, write, other] = await Promise.all([mint(tenant, [4]), mint(tenant, [4], 'write'), mint(tenant, [5])]);
    expect(new Set([read.token, write.token, other.token]).size).toBe(3);
  });

  it('P6: two servers with the same app, installation and repository ids never see each other’s token', async () => {
    const elsewhere = await connect(suite.vault, other, { ...tenant, connectionId: `${tenant.connectionId}-2` });
    const pairs = await Promise.all([1, 2, 4].map((id) => Promise.all([mint(tenant, [id]), mint(elsewhere, [id])])));
    for (const [own, foreign] of pairs) {
      expect(own.origin).toBe(suite.ghes.origin);
      expect(foreign.origin).toBe(other.origin);
      expect(await suite.ghes.secrets()).toContain(own.token);
      expect(await other.secrets()).toContain(foreign.token);
    }
    const received = (await suite.ghes.requests()).map(({ authorization }) => authorization).join(' ');
    for (const secret of await other.secrets()) expect(received).not.toContain(secret);
  });

  it('P8: another organization gets no token and cannot find out that the connection exists', async () => {
    const notFound = { code: 'not-found', retryable: false };
    await expect(mint({ ...tenant, organizationId: 'another' }, [1])).rejects.toMatchObject(notFound);
    await expect(mint({ ...tenant, connectionId: 'con_missing' }, [1])).rejects.toMatchObject(notFound);
  });

  it('reports a suspended installation with its own error', async () => {
    await suite.ghes.suspend(tenant.installationId);
    await expect(mint(tenant, [5], 'write')).rejects.toMatchObject({ code: 'ghes-suspended', retryable: false });
    const { organizationId, connectionId } = tenant;
    const { installations } = await suite.vault.as.api.listInstallations({ organizationId, connectionId });
    expect(installations).toMatchObject([{ id: tenant.installationId, owner: 'acme', suspended: true }]);
    await suite.ghes.suspend(tenant.installationId, false);
    await expect(mint(tenant, [5], 'write')).resolves.toMatchObject({ origin: suite.ghes.origin });
  });

  it('attack: a compromised worker gets no token for all repositories, several of them or every permission', async () => {
    const denied = { code: 'caller-denied', retryable: false };
    const before = await suite.ghes.count(MINT);
    await expect(mint(tenant, [])).rejects.toMatchObject(denied);
    await expect(mint(tenant, [4, 5])).rejects.toMatchObject(denied);
    await expect(mint(tenant, [5], 'admin')).rejects.toMatchObject(denied);
    expect(await suite.ghes.count(MINT)).toBe(before);
    const rows: { scope: object }[] = await suite.vault.database.query(
      `SELECT scope FROM audit_record WHERE organization_id = $1 AND outcome = 'caller-denied' ORDER BY seq LIMIT 1`,
      [tenant.organizationId],
    );
    const scope = { installationId: tenant.installationId, repositoryIds: [], permissions: { contents: 'read' } };
    expect(rows).toEqual([{ scope }]);
  });

  it('rejects a request that names no permission', async () => {
    const { organizationId, connectionId } = tenant;
    const request = { organizationId, connectionId, installationId: 7, repositoryIds: [], permissions: {} };
    await expect(suite.vault.as['sync-worker'].mintInstallationToken(request)).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  it('are revoked with the deletion of the connection, and its credentials are destroyed', async () => {
    const doomed = await connect(suite.vault, suite.ghes);
    const { token } = await mint(doomed, [1]);
    const { connectionId } = doomed;
    const foreign = suite.vault.as.api.deleteConnection({ ...doomed, organizationId: 'another' });
    await expect(foreign).rejects.toMatchObject({ code: 'not-found' });
    await suite.vault.as.api.deleteConnection(doomed);
    const revocations = (await suite.ghes.requests()).filter(({ route }) => route === 'DELETE /installation/token');
    expect(revocations.map(({ authorization }) => authorization)).toEqual([`Bearer ${token}`]);
    await expect(mint(doomed, [1])).rejects.toMatchObject({ code: 'not-found' });
    const rows: unknown[] = await suite.vault.database.query('SELECT FROM credential WHERE connection_id = $1', [
      connectionId,
    ]);
    expect(rows).toHaveLength(0);
  });
});
