import { setTimeout as wait } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { dump, textOf } from '../../test/dump.js';
import { useTestVault } from '../../test/use-test-vault.js';
import { CALLBACK_URL } from '../../test/test-ghes.js';
import { connect, signIn } from '../../test/test-vault.js';
import type { ConnectedTenant, Tenant } from '../../test/test-vault.js';

describe('deletion of a connection', () => {
  const suite = useTestVault();
  let tenant: ConnectedTenant;
  let users: Tenant[];

  beforeEach(async () => {
    tenant = await connect(suite.vault, suite.ghes);
    users = ['mona', 'octocat'].map((subject) => ({ ...tenant, subject }));
    for (const user of users) await signIn(suite.vault, suite.ghes, user, user.subject);
  });

  const remove = () => suite.vault.as.api.deleteConnection(tenant);
  const mint = () =>
    suite.vault.as['sync-worker'].mintInstallationToken({
      ...{ organizationId: tenant.organizationId, connectionId: tenant.connectionId },
      ...{ installationId: tenant.installationId, repositoryIds: [1], permissions: { contents: 'read' } },
    });

  /** The log lines about revoked authorizations. */
  const revocationLog = () =>
    suite.vault.log
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ msg, connectionId }) => connectionId === tenant.connectionId && String(msg).includes('user tokens'));

  it('leaves only audit records: no rows, data keys or pending sign-ins', async () => {
    await suite.vault.as.api.beginUserSignIn({ ...tenant, callbackUrl: CALLBACK_URL });
    await remove();
    const left = new Map(await dump(suite.vault.database));
    expect(textOf(new Map([['audit_record', left.get('audit_record') ?? []]]))).toContain(tenant.connectionId);
    left.delete('audit_record');
    expect(textOf(left)).not.toContain(tenant.connectionId);
    await expect(mint()).rejects.toMatchObject({ code: 'not-found' });
  });

  it('attack: an insider cannot destroy the credentials of an organization without being named in the audit', async () => {
    const insider = { ...tenant, subject: 'insider' };
    const unnamed = suite.vault.as.api.deleteConnection({ ...tenant, subject: '' });
    await expect(unnamed).rejects.toMatchObject({ code: 'invalid-input' });
    await suite.vault.as.api.deleteConnection(insider);
    const rows: { scope: object }[] = await suite.vault.database.query(
      `SELECT scope FROM audit_record WHERE connection_id = $1 AND method = 'deleteConnection' AND outcome = 'ok'`,
      [tenant.connectionId],
    );
    expect(rows).toEqual([{ scope: { subject: 'insider' } }]);
  });

  it('revokes the users’ authorizations and the tokens of this replica on the server', async () => {
    const given = await Promise.all(users.map((user) => suite.vault.as['sync-worker'].mintUserToken(user)));
    await mint();
    await remove();
    for (const { token } of given) expect(await suite.ghes.isGood(token)).toBe(false);
    const revocation = (await suite.ghes.requests()).find(({ route }) => route === 'DELETE /installation/token');
    const tokens = await suite.ghes.secrets('installation-token');
    expect(tokens).toContain(revocation?.authorization.replace('Bearer ', ''));
  });

  it('succeeds although the server is unreachable, and logs the number of failed revocations', async () => {
    await suite.ghes.fail('DELETE /applications/grant', 2);
    await remove();
    await expect(mint()).rejects.toMatchObject({ code: 'not-found' });
    expect(revocationLog()).toMatchObject([{ revoked: 0, notRevoked: 2 }]);
  });

  it('waits for a token that is being renewed, and revokes the new one', async () => {
    await suite.vault.database.query('UPDATE user_account SET expires_at = now() WHERE connection_id = $1', [
      tenant.connectionId,
    ]);
    await suite.ghes.delay('POST /login/oauth/access_token', 500);
    const given = await suite.ghes.secrets('user-token', 'user-refresh-token');
    const renewals = Promise.allSettled(users.map((user) => suite.vault.as['sync-worker'].mintUserToken(user)));
    await wait(200);
    await remove();
    await renewals;
    await suite.ghes.clearFaults();
    const renewed = (await suite.ghes.secrets('user-token', 'user-refresh-token')).slice(given.length);
    expect(renewed.length).toBeGreaterThanOrEqual(4);
    for (const secret of renewed) expect(await suite.ghes.isGood(secret)).toBe(false);
    expect(revocationLog()).toMatchObject([{ revoked: 2, notRevoked: 0 }]);
  });

  it('succeeds although a credential does not decrypt', async () => {
    await suite.vault.database.query(`UPDATE credential SET wrapped_dek = '\\x00' WHERE connection_id = $1`, [
      tenant.connectionId,
    ]);
    await remove();
    await expect(mint()).rejects.toMatchObject({ code: 'not-found' });
    expect(revocationLog()).toMatchObject([{ revoked: 0, notRevoked: 2 }]);
  });

  it('attack: does not wait for a silent server', async () => {
    await suite.ghes.delay('DELETE /applications/grant', 8_000);
    const started = Date.now();
    await remove();
    expect(Date.now() - started).toBeLessThan(7_000);
    await suite.ghes.clearFaults();
  });
});
