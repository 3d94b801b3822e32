import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startFakeTransit, TRANSIT_TOKEN } from '../../test/fake-key-services.js';
import type { FakeTransit } from '../../test/fake-key-services.js';
import { useTestVault } from '../../test/use-test-vault.js';
import { CALLBACK_URL } from '../../test/test-ghes.js';
import { connect, newTenant } from '../../test/test-vault.js';

/** An outage of the key service must not lose credentials that a server returns only once. */
describe('a key service that fails in the middle of an exchange', () => {
  let transit: FakeTransit;
  beforeAll(async () => {
    transit = await startFakeTransit();
  });
  const suite = useTestVault(async (folder) => {
    const KEK_TRANSIT_TOKEN_FILE = join(folder, 'token');
    await writeFile(KEK_TRANSIT_TOKEN_FILE, TRANSIT_TOKEN);
    return { KEK_URL: `transit+${transit.origin}/transit/reunite`, KEK_TRANSIT_TOKEN_FILE };
  });
  afterEach(() => {
    transit.failing = null;
    transit.delayMs = 0;
  });
  afterAll(() => transit.close());

  /** The key service fails once the server has received the request, before it answers. */
  const failDuring = async (route: string, call: () => Promise<unknown>) => {
    const whilePaused = await suite.ghes.pause(route);
    const result = call();
    result.catch(() => undefined);
    await whilePaused(() => (transit.failing = 503));
    return result;
  };

  it('loses no app', async () => {
    const tenant = newTenant();
    const connected = failDuring('POST /app-manifests/conversions', () => connect(suite.vault, suite.ghes, tenant));
    // What comes after needs the private key, which is sealed already.
    await expect(connected).rejects.toMatchObject({ code: 'kek-unavailable' });
    transit.failing = null;
    const { organizationId, connectionId } = tenant;
    await expect(suite.vault.as.api.getApp({ organizationId, connectionId })).resolves.toMatchObject({ owner: 'acme' });
    expect(await suite.ghes.count('POST /app-manifests/conversions')).toBe(1);
  });

  it('is detected before a manifest code is used, so that the same callback works later', async () => {
    const tenant = newTenant();
    const { organizationId, subject } = tenant;
    const { state } = await suite.vault.as.api.beginManifest({ ...tenant, origin: suite.ghes.origin, owner: 'acme' });
    const code = await suite.ghes.manifestCode(tenant.connectionId);
    const before = (await suite.ghes.requests()).length;
    transit.failing = 503;
    const complete = () => suite.vault.as.api.completeManifest({ organizationId, subject, state, code });
    await expect(complete()).rejects.toMatchObject({ code: 'kek-unavailable', retryable: true });
    expect(await suite.ghes.requests()).toHaveLength(before);
    transit.failing = null;
    await expect(complete()).resolves.toMatchObject({ connectionId: tenant.connectionId });
  });

  it('loses no user token: neither a first one nor a renewed one', async () => {
    const tenant = await connect(suite.vault, suite.ghes);
    const { authorizeUrl } = await suite.vault.as.api.beginUserSignIn({ ...tenant, callbackUrl: CALLBACK_URL });
    const came = await suite.ghes.authorize(authorizeUrl, 'mona');
    const exchange = 'POST /login/oauth/access_token';
    await failDuring(exchange, () => suite.vault.as.api.completeUserSignIn({ ...tenant, ...came, issuer: '' }));
    transit.failing = null;
    await suite.vault.as.api.getUserAccount(tenant);
    await suite.vault.as.api.confirmUserSignIn({ ...tenant, login: 'mona' });
    const mint = () => suite.vault.as['sync-worker'].mintUserToken(tenant);
    const first = await mint();
    await suite.vault.database.query('UPDATE user_account SET expires_at = now()');
    await expect(failDuring(exchange, mint)).rejects.toMatchObject({ code: 'kek-unavailable' });
    transit.failing = null;
    const second = await mint();
    expect(second.token).not.toBe(first.token);
    expect(await suite.ghes.isGood(second.token)).toBe(true);
  });

  it('delays only the calls that need it', async () => {
    const tenant = await connect(suite.vault, suite.ghes);
    const { organizationId, connectionId, installationId } = tenant;
    const request = { organizationId, connectionId, installationId, repositoryIds: [1] };
    const mint = () =>
      suite.vault.as['sync-worker'].mintInstallationToken({ ...request, permissions: { contents: 'read' } });
    const { token } = await mint();
    transit.delayMs = 10_000;
    const waiting = [
      ...Array.from({ length: 12 }, (_, i) =>
        suite.vault.as.api.beginUserSignIn({ ...tenant, subject: `user ${i}`, callbackUrl: CALLBACK_URL }),
      ),
      ...Array.from({ length: 3 }, () =>
        suite.vault.as.api.rotateClientSecret({ ...tenant, credential: 'a new client secret' }),
      ),
    ];
    const results = Promise.allSettled(waiting);
    await wait(200);
    const started = Date.now();
    expect((await mint()).token).toBe(token);
    expect(Date.now() - started).toBeLessThan(1_500);
    for (const result of await results) expect(result).toMatchObject({ reason: { code: 'kek-unavailable' } });
  });
});
