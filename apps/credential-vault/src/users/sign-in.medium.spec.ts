import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import { TestGhes } from '../../test/test-ghes.js';
import { useTestVault } from '../../test/use-test-vault.js';
import { CALLBACK_URL } from '../../test/test-ghes.js';
import { connect, signIn } from '../../test/test-vault.js';
import type { Tenant } from '../../test/test-vault.js';

describe('sign-in of a user on the server', () => {
  const suite = useTestVault();
  let tenant: Tenant;

  beforeEach(async () => {
    tenant = await connect(suite.vault, suite.ghes);
  });

  const begin = async (user = tenant) =>
    (await suite.vault.as.api.beginUserSignIn({ ...user, callbackUrl: CALLBACK_URL })).authorizeUrl;
  const complete = (received: { code: string; state: string }, user = tenant, issuer = '') =>
    suite.vault.as.api.completeUserSignIn({ ...user, ...received, issuer });
  const confirm = (login: string, user = tenant) => suite.vault.as.api.confirmUserSignIn({ ...user, login });
  const account = (user = tenant) => suite.vault.as.api.getUserAccount(user);
  const mint = (user = tenant) => suite.vault.as['sync-worker'].mintUserToken(user);

  it('redirects to the server with state and challenge, and activates the account that the user confirms', async () => {
    await expect(account()).resolves.toMatchObject({ status: 'signed-out', githubId: 0, login: '' });
    const url = new URL(await begin());
    expect(url.origin + url.pathname).toBe(`${suite.ghes.origin}/login/oauth/authorize`);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: expect.stringMatching(/^Iv1\.[0-9a-f]{16}$/),
      redirect_uri: `${CALLBACK_URL}/${tenant.connectionId}`,
      code_challenge_method: 'S256',
    });
    const identity = { connectionId: tenant.connectionId, reason: '', githubId: suite.ghes.monaId, login: 'mona' };
    const unconfirmed = { ...identity, status: 'unconfirmed' };
    await expect(complete(await suite.ghes.authorize(url.href, 'mona'))).resolves.toEqual(unconfirmed);
    await expect(account()).resolves.toEqual(unconfirmed);
    await expect(mint()).rejects.toMatchObject({ code: 'user-account-unconfirmed', retryable: false });
    await expect(confirm('octocat')).rejects.toMatchObject({ code: 'conflict' });
    await expect(confirm('mona')).resolves.toEqual({ ...identity, status: 'active' });
    await expect(account()).resolves.toEqual({ ...identity, status: 'active' });
    const { token, origin, login } = await mint();
    expect([await suite.ghes.isGood(token), origin, login]).toEqual([true, suite.ghes.origin, 'mona']);
  });

  it('P5: state, verifier and tokens are not stored in clear, and the verifier is deleted after its use', async () => {
    const url = await begin();
    const state = new URL(url).searchParams.get('state') ?? 'none';
    const kinds = async () => {
      const rows: { kind: string }[] = await suite.vault.database.query(
        'SELECT kind FROM credential WHERE connection_id = $1 AND subject = $2 ORDER BY kind',
        [tenant.connectionId, tenant.subject],
      );
      return rows.map(({ kind }) => kind);
    };
    const flows: unknown = await suite.vault.database.query('SELECT sign_in_flow::text FROM sign_in_flow');
    expect(JSON.stringify(flows)).not.toContain(state);
    expect(await kinds()).toEqual(['pkce-verifier']);
    await complete(await suite.ghes.authorize(url, 'mona'));
    expect(await kinds()).toEqual(['user-access-token', 'user-refresh-token']);
  });

  it('P5: a state works once and for an hour', async () => {
    const came = await suite.ghes.authorize(await begin(), 'mona');
    const results = await Promise.allSettled([complete(came), complete(came)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(complete(came)).rejects.toMatchObject({ code: 'sign-in-state-used' });
    const late = await suite.ghes.authorize(await begin(), 'mona');
    await suite.vault.database.query('UPDATE sign_in_flow SET expires_at = now()');
    await expect(complete(late)).rejects.toMatchObject({ code: 'sign-in-state-expired' });
  });

  it('P5: the code of one sign-in cannot be completed with the state of another', async () => {
    const mallory = { ...tenant, subject: 'mallory' };
    const intercepted = await suite.ghes.authorize(await begin(), 'mona');
    const own = await suite.ghes.authorize(await begin(mallory), 'mallory');
    const injected = complete({ code: intercepted.code, state: own.state }, mallory);
    await expect(injected).rejects.toMatchObject({ code: 'ghes-validation' });
    await expect(account(mallory)).resolves.toMatchObject({ status: 'signed-out' });
  });

  it('P8: another subject or organization cannot complete the sign-in and does not use up the state', async () => {
    const came = await suite.ghes.authorize(await begin(), 'mona');
    const foreign = complete(came, { ...tenant, subject: 'mallory' });
    await expect(foreign).rejects.toMatchObject({ code: 'sign-in-state-foreign-subject' });
    const another = complete(came, { ...tenant, organizationId: 'another' });
    await expect(another).rejects.toMatchObject({ code: 'sign-in-state-unknown' });
    await expect(complete(came)).resolves.toMatchObject({ status: 'unconfirmed' });
  });

  it('P8: a connection of another organization is not found', async () => {
    await signIn(suite.vault, suite.ghes, tenant);
    const foreign = { ...tenant, organizationId: 'another' };
    const notThere = { code: 'not-found' };
    await expect(begin(foreign)).rejects.toMatchObject(notThere);
    await expect(account(foreign)).rejects.toMatchObject(notThere);
    await expect(mint(foreign)).rejects.toMatchObject(notThere);
    await expect(suite.vault.as.api.endUserSignIn(foreign)).rejects.toMatchObject(notThere);
    await expect(account()).resolves.toMatchObject({ status: 'active' });
  });

  it('accepts the same callback again if the server failed before it answered', async () => {
    const came = await suite.ghes.authorize(await begin(), 'mona');
    await suite.ghes.fail('POST /login/oauth/access_token');
    await expect(complete(came)).rejects.toMatchObject({ code: 'ghes-server-error', retryable: true });
    await expect(complete(came)).resolves.toMatchObject({ status: 'unconfirmed', login: 'mona' });
  });

  it('keeps the tokens if the server does not return their owner, and asks again later', async () => {
    const came = await suite.ghes.authorize(await begin(), 'mona');
    await suite.ghes.fail('GET /user', 3);
    await expect(complete(came)).resolves.toMatchObject({ status: 'unconfirmed', login: '' });
    await expect(account()).resolves.toMatchObject({
      status: 'unconfirmed',
      login: 'mona',
      githubId: suite.ghes.monaId,
    });
    await confirm('mona');
    await expect(mint()).resolves.toMatchObject({ login: 'mona' });
  });

  it('replaces an earlier sign-in and revokes its token', async () => {
    await signIn(suite.vault, suite.ghes, tenant, 'mona');
    const { token } = await mint();
    await signIn(suite.vault, suite.ghes, tenant, 'octocat');
    await expect(account()).resolves.toMatchObject({ login: 'octocat' });
    await expect(mint()).resolves.toMatchObject({ login: 'octocat' });
    expect(await suite.ghes.isGood(token)).toBe(false);
  });

  it('asks for no second confirmation when the same account signs in again', async () => {
    await signIn(suite.vault, suite.ghes, tenant, 'mona');
    await expect(complete(await suite.ghes.authorize(await begin(), 'mona'))).resolves.toMatchObject({
      status: 'active',
      login: 'mona',
    });
    await expect(complete(await suite.ghes.authorize(await begin(), 'octocat'))).resolves.toMatchObject({
      status: 'unconfirmed',
      login: 'octocat',
    });
  });

  describe('with a second server, which an attacker runs', () => {
    let hostile: TestGhes;
    let attacker: Tenant;
    let victim: Tenant;
    beforeAll(async () => {
      hostile = await TestGhes.start();
    });
    afterAll(() => hostile.stop());
    beforeEach(async () => {
      attacker = { ...tenant, subject: 'ada' };
      const second = { ...tenant, connectionId: newId('connection') };
      victim = { ...(await connect(suite.vault, hostile, second)), subject: 'grace' };
    });

    const toHostileServer = async () =>
      (await hostile.requests()).filter(({ route }) => route.includes('/login/oauth')).length;
    const shareCallback = () => suite.vault.database.query('UPDATE connection SET shared_callback = true');

    /**
     * The victim signs in on the hostile server, which leads her browser on to the honest server with the attacker's
     * challenge and the victim's state.
     */
    const mixUp = async () => {
      const state = new URL(await begin(victim)).searchParams.get('state') ?? '';
      const honest = new URL(await begin(attacker));
      honest.searchParams.set('state', state);
      return await suite.ghes.authorize(honest.href, 'hubot');
    };

    it('attack: a code of the honest server is not sent to the server that mixed up the sign-in', async () => {
      const received = await mixUp();
      // The honest server sends the browser to the callback of its own connection only.
      const injected = complete(received, { ...victim, connectionId: attacker.connectionId });
      await expect(injected).rejects.toMatchObject({ code: 'sign-in-state-foreign-connection', retryable: false });
      await expect(complete(received, victim)).rejects.toMatchObject({ code: 'sign-in-state-used' });
      expect(await toHostileServer()).toBe(0);
      await expect(account(attacker)).resolves.toMatchObject({ status: 'signed-out' });
      await expect(account(victim)).resolves.toMatchObject({ status: 'signed-out' });
    });

    it('attack: the callback that existing apps share is not used once there are two servers', async () => {
      await shareCallback();
      for (const user of [attacker, victim]) {
        const redirectUri = new URL(await begin(user)).searchParams.get('redirect_uri');
        expect(redirectUri).toBe(`${CALLBACK_URL}/${user.connectionId}`);
      }
      const received = await mixUp();
      const injected = complete(received, { ...victim, connectionId: '' });
      await expect(injected).rejects.toMatchObject({ code: 'sign-in-state-foreign-connection' });
      expect(await toHostileServer()).toBe(0);
    });

    it('attack: a second server that is connected during a sign-in receives no code of it', async () => {
      const alone = await connect(suite.vault, suite.ghes);
      await shareCallback();
      const url = await begin(alone);
      expect(new URL(url).searchParams.get('redirect_uri')).toBe(CALLBACK_URL);
      await connect(suite.vault, hostile, { ...alone, connectionId: newId('connection') });
      const late = complete(await suite.ghes.authorize(url, 'mona'), { ...alone, connectionId: '' });
      await expect(late).rejects.toMatchObject({ code: 'sign-in-state-ambiguous-callback' });
    });

    it('attack: a callback whose issuer is another server is rejected', async () => {
      const received = await suite.ghes.authorize(await begin(), 'mona');
      const foreign = complete(received, tenant, `${hostile.origin}/login/oauth`);
      await expect(foreign).rejects.toMatchObject({ code: 'sign-in-state-foreign-issuer' });
      const next = await suite.ghes.authorize(await begin(), 'mona');
      await expect(complete(next, tenant, `${suite.ghes.origin}/login/oauth`)).resolves.toMatchObject({
        login: 'mona',
      });
    });

    it('attack: an unconfirmed account gives no token, even if another account was confirmed before', async () => {
      await signIn(suite.vault, suite.ghes, attacker, 'ada');
      await complete(await suite.ghes.authorize(await begin(attacker), 'hubot'), attacker);
      await expect(mint(attacker)).rejects.toMatchObject({ code: 'user-account-unconfirmed' });
      await expect(confirm('ada', attacker)).rejects.toMatchObject({ code: 'conflict' });
    });
  });

  it('works with the shared callback of existing apps while the organization has one server', async () => {
    await suite.vault.database.query('UPDATE connection SET shared_callback = true');
    const received = await suite.ghes.authorize(await begin(), 'mona');
    await expect(complete(received, { ...tenant, connectionId: '' })).resolves.toMatchObject({ login: 'mona' });
  });

  it('reports a rejected client secret with its remedy', async () => {
    const came = await suite.ghes.authorize(await begin(), 'mona');
    await suite.vault.as.api.rotateClientSecret({ ...tenant, credential: 'a mistyped client secret' });
    await expect(complete(came)).rejects.toMatchObject({
      code: 'client-secret-rejected',
      message: expect.stringContaining('enter it here'),
    });
  });

  it('ends on the server too, also with an expired token, and ends here if the server is unreachable', async () => {
    await signIn(suite.vault, suite.ghes, tenant);
    const { token } = await mint();
    await suite.vault.as.api.endUserSignIn(tenant);
    expect(await suite.ghes.isGood(token)).toBe(false);
    await expect(account()).resolves.toMatchObject({ status: 'signed-out' });
    await expect(mint()).rejects.toMatchObject({ code: 'user-signed-out' });

    await signIn(suite.vault, suite.ghes, tenant, 'hubot');
    await suite.vault.database.query('UPDATE user_account SET expires_at = now()');
    const granted = await suite.ghes.count('DELETE /applications/grant');
    await suite.vault.as.api.endUserSignIn(tenant);
    expect(await suite.ghes.count('DELETE /applications/grant')).toBe(granted + 1);

    await signIn(suite.vault, suite.ghes, tenant);
    await suite.ghes.fail('DELETE /applications/grant');
    await suite.vault.as.api.endUserSignIn(tenant);
    await expect(account()).resolves.toMatchObject({ status: 'signed-out' });
    const left: unknown[] = await suite.vault.database.query(
      `SELECT FROM credential WHERE connection_id = $1 AND subject <> ''`,
      [tenant.connectionId],
    );
    expect(left).toHaveLength(0);
  });

  it('leaves one authorization when two tabs complete it at the same time', async () => {
    const first = await suite.ghes.authorize(await begin(), 'mona');
    const second = await suite.ghes.authorize(await begin(), 'mona');
    const given = await suite.ghes.secrets('user-token');
    await Promise.all([complete(first), complete(second)]);
    await account();
    await confirm('mona');
    const { token } = await mint();
    for (const secret of (await suite.ghes.secrets('user-token')).slice(given.length)) {
      expect(await suite.ghes.isGood(secret)).toBe(secret === token);
    }
  });

  it('attack: many concurrent sign-outs do not delay a token', async () => {
    const users = Array.from({ length: 24 }, (_, i) => ({ ...tenant, subject: `user ${i}` }));
    const tokens: string[] = [];
    for (const [i, user] of users.entries()) {
      await suite.ghes.addUser(`user-${i}`);
      await signIn(suite.vault, suite.ghes, user, `user-${i}`);
      tokens.push((await mint(user)).token);
    }
    await signIn(suite.vault, suite.ghes, tenant);
    const ends = Promise.all(users.map((user) => suite.vault.as.api.endUserSignIn(user)));
    const started = Date.now();
    await mint();
    expect(Date.now() - started).toBeLessThan(5_000);
    await ends;
    for (const token of tokens) expect(await suite.ghes.isGood(token)).toBe(false);
  });

  it('leaves audit records that name the user and contain no secret', async () => {
    await signIn(suite.vault, suite.ghes, tenant);
    await mint();
    await suite.vault.as.api.endUserSignIn(tenant);
    const rows: { method: string; outcome: string; scope: object }[] = await suite.vault.database.query(
      `SELECT method, outcome, scope FROM audit_record WHERE organization_id = $1 AND method LIKE '%User%' ORDER BY seq`,
      [tenant.organizationId],
    );
    expect(rows).toEqual(
      ['beginUserSignIn', 'completeUserSignIn', 'confirmUserSignIn', 'mintUserToken', 'endUserSignIn'].map(
        (method) => ({
          method,
          outcome: 'ok',
          scope: { subject: tenant.subject, ...(method === 'confirmUserSignIn' && { login: 'mona' }) },
        }),
      ),
    );
  });

  it.each(['javascript:alert(1)', 'not an address', ''])('rejects %p as callback URL', async (callbackUrl) => {
    const rejected = suite.vault.as.api.beginUserSignIn({ ...tenant, callbackUrl });
    await expect(rejected).rejects.toMatchObject({ code: 'invalid-input' });
  });
});
