import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { loadServiceIdentity } from '@reunite/platform';
import { ensureDevelopmentCa, eventually, startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import { createVaultClient } from '@reunite/vault-client';
import type { VaultClient } from '@reunite/vault-client';
import { TestGhes } from '../../test/test-ghes.js';
import { connect, quiet, services, startTestVault, temporaryFolder } from '../../test/test-vault.js';
import type { ConnectedTenant, TestVault } from '../../test/test-vault.js';
import { startVault } from '../start-vault.js';

const MINT = 'POST /app/installations/access_tokens';
/** Tokens are renewed this long before they expire. */
const MARGIN_MS = 300_000;

describe('installation tokens, of two replicas', () => {
  let postgres: RunningPostgres;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let vault: TestVault;
  let second: Awaited<ReturnType<typeof startVault>>;
  let replicas: [VaultClient, VaultClient];
  let ghes: TestGhes;
  let tenant: ConnectedTenant;

  beforeAll(async () => {
    [postgres, folder] = await Promise.all([startPostgres(), temporaryFolder()]);
    const identities = await ensureDevelopmentCa(folder.path, services);
    vault = await startTestVault(postgres.url('reunite_vault'), folder.path, identities);
    second = await startVault(vault.config, quiet);
    const identity = await loadServiceIdentity(identities['sync-worker']);
    replicas = [vault.as['sync-worker'], createVaultClient({ address: `127.0.0.1:${second.port}`, identity })];
  });
  afterAll(async () => {
    replicas[1].close();
    await second.close();
    await vault.close();
    await Promise.all([postgres.stop(), folder.remove()]);
  });
  beforeEach(async () => {
    ghes = await TestGhes.start();
    tenant = await connect(vault, ghes);
  });
  afterEach(() => ghes.stop());

  const mint = async (replica: VaultClient = replicas[0]) => {
    const { organizationId, connectionId, installationId } = tenant;
    const request = { organizationId, connectionId, installationId, repositoryIds: [1] };
    return replica.mintInstallationToken({ ...request, permissions: { contents: 'read' } });
  };
  /** Changes the members of the next installation token. @param after requests that the server rejects before */
  const changeToken = (body: object, after = 0) =>
    ghes.fault('POST /app/installations/access_tokens', { kind: 'changed-members', body, after });
  const expireAfter = (lifeMs: number, skewMs = 0, after = 0) =>
    changeToken({ expires_at: new Date(Date.now() + skewMs + lifeMs).toISOString() }, after);
  const mintedBy = (replica: VaultClient) => mint(replica).then(({ token }) => token);
  /** Every replica has one, and gives it out again. */
  const cachedTokens = async () => {
    const tokens = await Promise.all(replicas.map(mintedBy));
    expect(await Promise.all(replicas.map(mintedBy))).toEqual(tokens);
    return tokens;
  };
  const expectOthersThan = async (before: string[]) => {
    for (const token of await Promise.all(replicas.map(mintedBy))) expect(before).not.toContain(token);
  };

  it('may have more than 500 characters', async () => {
    await changeToken({ token: `ghs_${'x'.repeat(600)}` });
    const { token } = await mint();
    expect(token.length).toBeGreaterThan(600);
    expect((await mint()).token).toBe(token);
  });

  it('report their age, so that a caller can retry a new one that is rejected', async () => {
    const { ageMs } = await mint();
    expect(ageMs).toBeLessThan(1_000);
    await wait(60);
    expect((await mint()).ageMs).toBeGreaterThanOrEqual(ageMs + 50);
  });

  it.each([10, -10])('of a server whose clock is %d minutes ahead are renewed in time', async (minutes) => {
    const skewMs = minutes * 60_000;
    await ghes.advanceClock(minutes * 60);
    // The first JWT is rejected, which reveals the server's time.
    await expireAfter(MARGIN_MS + 4_000, skewMs, 1);
    const first = await mint();
    expect(Date.parse(first.expiresAt)).toBeGreaterThan(Date.now() + skewMs);
    expect((await mint()).token).toBe(first.token);
    // The clocks are known to the second.
    await wait(5_500);
    expect((await mint()).token).not.toBe(first.token);
  });

  it('are never handed out without an audit record, including cached ones', async () => {
    await mint();
    const rejectRecords = `ADD CONSTRAINT reject_records CHECK (method <> 'mintInstallationToken') NOT VALID`;
    await vault.database.query(`ALTER TABLE audit_record ${rejectRecords}`);
    await expect(mint()).rejects.toMatchObject({ code: 'vault-internal' });
    await vault.database.query('ALTER TABLE audit_record DROP CONSTRAINT reject_records');
    await mint();
    const [uses] = await vault.database.query<{ count: number }[]>(
      `SELECT count(*)::int FROM audit_record WHERE organization_id = $1 AND method = 'mintInstallationToken'`,
      [tenant.organizationId],
    );
    expect(uses?.count).toBe(2);
  });

  it('are renewed while they are still valid', async () => {
    await expireAfter(MARGIN_MS + 3_000);
    const first = await mint();
    expect((await mint()).token).toBe(first.token);
    await wait(3_100);
    const next = await mint();
    expect(next.token).not.toBe(first.token);
    expect(Date.parse(first.expiresAt)).toBeGreaterThan(Date.now() + MARGIN_MS / 2);
    expect(await ghes.count(MINT)).toBe(2);
  });

  it('are dropped by every replica when a change of permissions or a suspension is reported', async () => {
    const before = await cachedTokens();
    const { organizationId, connectionId } = tenant;
    await ghes.suspend(tenant.installationId);
    await vault.as['sync-worker'].forgetTokens({ organizationId, connectionId });
    for (const replica of replicas) await expect(mint(replica)).rejects.toMatchObject({ code: 'ghes-suspended' });
    await ghes.suspend(tenant.installationId, false);
    await expectOthersThan(before);
  });

  it('are dropped by every replica when a credential is rotated', async () => {
    const before = await cachedTokens();
    await vault.as.api.rotatePrivateKey({ ...tenant, credential: await ghes.addKey(tenant.slug) });
    await expectOthersThan(before);
  });

  it('are dropped by every replica when the connection is deleted, and soon revoked by each', async () => {
    const given = await cachedTokens();
    await vault.as.api.deleteConnection(tenant);
    for (const replica of replicas) await expect(mint(replica)).rejects.toMatchObject({ code: 'not-found' });
    const revoked = async () =>
      (await ghes.requests())
        .filter(({ route }) => route === 'DELETE /installation/token')
        .map(({ authorization }) => authorization.replace('Bearer ', ''));
    await eventually(async () => (await revoked()).length >= given.length);
    expect((await revoked()).sort()).toEqual([...given].sort());
  });
});
