import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadServiceIdentity } from '@reunite/platform';
import { createVaultClient } from '@reunite/vault-client';
import { useTestVault } from '../../test/use-test-vault.js';
import { connect, quiet, signIn } from '../../test/test-vault.js';
import type { Tenant } from '../../test/test-vault.js';
import { startVault } from '../start-vault.js';

const EXCHANGE = 'POST /login/oauth/access_token';

describe('user tokens', () => {
  const suite = useTestVault();
  let tenant: Tenant;

  beforeEach(async () => {
    tenant = await connect(suite.vault, suite.ghes);
    await signIn(suite.vault, suite.ghes, tenant);
  });
  afterEach(() => suite.ghes.clearFaults());

  const mint = (user = tenant) => suite.vault.as['sync-worker'].mintUserToken(user);
  const account = () => suite.vault.as.api.getUserAccount(tenant);
  /** As if time had passed. */
  const set = (change: string) =>
    suite.vault.database.query(`UPDATE user_account SET ${change} WHERE connection_id = $1`, [tenant.connectionId]);
  const expireSoon = () => set(`expires_at = now() + interval '4 minutes'`);
  const doubt = () => set(`verified_at = now() - interval '6 minutes'`);
  const asked = (route: string) => suite.ghes.count(route);

  it('are handed out until five minutes before they expire, then renewed', async () => {
    const first = await mint();
    const before = await asked(EXCHANGE);
    expect(await mint()).toEqual(first);
    expect(await asked(EXCHANGE)).toBe(before);
    await expireSoon();
    const renewed = await mint();
    expect(renewed.token).not.toBe(first.token);
    expect([await suite.ghes.isGood(first.token), await suite.ghes.isGood(renewed.token)]).toEqual([false, true]);
    expect(await mint()).toEqual(renewed);
    expect(await asked(EXCHANGE)).toBe(before + 1);
  });

  it('are renewed once for concurrent calls of two replicas, because a refresh token works once', async () => {
    const second = await startVault(suite.vault.config, quiet);
    const identity = await loadServiceIdentity(suite.identities['sync-worker']);
    const other = createVaultClient({ address: `127.0.0.1:${second.port}`, identity });
    await expireSoon();
    const before = await asked(EXCHANGE);
    const calls = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? mint() : other.mintUserToken(tenant)));
    const tokens = new Set((await Promise.all(calls)).map(({ token }) => token));
    expect(tokens.size).toBe(1);
    expect(await asked(EXCHANGE)).toBe(before + 1);
    other.close();
    await second.close();
  });

  it('never expire if the app is configured so', async () => {
    const omit = ['expires_in', 'refresh_token', 'refresh_token_expires_in'];
    await suite.ghes.fault(EXCHANGE, { kind: 'changed-members', omit });
    await signIn(suite.vault, suite.ghes, tenant);
    const { token } = await mint();
    await doubt();
    expect((await mint()).token).toBe(token);
    await suite.ghes.revokeAuthorization('mona');
    await doubt();
    await expect(mint()).rejects.toMatchObject({ code: 'user-account-broken', retryable: false });
    await expect(account()).resolves.toMatchObject({ status: 'broken', reason: expect.stringContaining('revoked') });
  });

  it('with a rejected refresh token break the account and name the remedy; a new sign-in repairs it', async () => {
    await suite.ghes.revokeAuthorization('mona');
    await expireSoon();
    await expect(mint()).rejects.toMatchObject({
      code: 'user-account-broken',
      message: expect.stringContaining('Sign in there again'),
    });
    await expect(account()).resolves.toMatchObject({ status: 'broken', login: 'mona' });
    const before = await asked(EXCHANGE);
    await expect(mint()).rejects.toMatchObject({ code: 'user-account-broken' });
    expect(await asked(EXCHANGE)).toBe(before);
    await signIn(suite.vault, suite.ghes, tenant);
    await expect(account()).resolves.toMatchObject({ status: 'active', reason: '' });
    await mint();
  });

  it('are verified every five minutes, so that a revoked authorization is detected before the token expires', async () => {
    await mint();
    await suite.ghes.revokeAuthorization('mona');
    await doubt();
    await expect(mint()).rejects.toMatchObject({ code: 'user-account-broken' });
    await expect(account()).resolves.toMatchObject({ reason: expect.stringContaining('revoked on the server') });
  });

  it('are verified after the worker reports rejected tokens of the connection', async () => {
    const { organizationId, connectionId } = tenant;
    await mint();
    await suite.ghes.revokeAuthorization('mona');
    await suite.vault.as['sync-worker'].forgetTokens({ organizationId, connectionId });
    await expect(mint()).rejects.toMatchObject({ code: 'user-account-broken' });
  });

  it('are replaced if only the token was revoked', async () => {
    const { token } = await mint();
    await suite.ghes.fault('GET /user', { status: 401, body: { message: 'Bad credentials' } });
    await doubt();
    const next = await mint();
    expect(next.token).not.toBe(token);
    expect(await suite.ghes.isGood(next.token)).toBe(true);
    await expect(account()).resolves.toMatchObject({ status: 'active' });
  });

  it('of a suspended account are no longer handed out', async () => {
    const body = { message: 'Sorry. Your account was suspended.' };
    await suite.ghes.fault('GET /user', { status: 403, body, count: 10 });
    await doubt();
    await expect(mint()).rejects.toMatchObject({ code: 'user-account-broken' });
    await expect(account()).resolves.toMatchObject({ reason: expect.stringContaining('suspended') });
  });

  it('survive an unreachable server', async () => {
    const { token } = await mint();
    await doubt();
    await suite.ghes.fail('GET /user', 3);
    expect((await mint()).token).toBe(token);
    await expireSoon();
    await suite.ghes.fail(EXCHANGE);
    await expect(mint()).rejects.toMatchObject({ code: 'ghes-server-error', retryable: true });
    await expect(account()).resolves.toMatchObject({ status: 'active' });
    expect((await mint()).token).not.toBe(token);
  });

  it('survive a rejected client secret, which is a defect of the app and not of the account', async () => {
    await suite.vault.as.api.rotateClientSecret({ ...tenant, credential: 'a mistyped client secret' });
    await expireSoon();
    await expect(mint()).rejects.toMatchObject({ code: 'client-secret-rejected' });
    await expect(account()).resolves.toMatchObject({ status: 'active' });
  });

  it('attack: renewals at a silent server do not block other calls', async () => {
    const users = Array.from({ length: 12 }, (_, i) => ({ ...tenant, subject: `user ${i}` }));
    for (const [i, user] of users.entries()) {
      await suite.ghes.addUser(`user-${i}`);
      await signIn(suite.vault, suite.ghes, user, `user-${i}`);
    }
    await expireSoon();
    await suite.ghes.delay(EXCHANGE, 500);
    const renewals = Promise.all(users.map(mint));
    await wait(100);
    const started = Date.now();
    await suite.vault.as.api.getUserAccount(tenant);
    expect(Date.now() - started).toBeLessThan(400);
    await renewals;
  });

  it('P8: belong to one user and one connection', async () => {
    const elsewhere = await connect(suite.vault, suite.ghes);
    await expect(mint({ ...tenant, connectionId: elsewhere.connectionId })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(mint({ ...elsewhere, subject: tenant.subject })).rejects.toMatchObject({ code: 'user-signed-out' });
    await expect(mint({ ...tenant, subject: 'another user' })).rejects.toMatchObject({ code: 'user-signed-out' });
  });
});
