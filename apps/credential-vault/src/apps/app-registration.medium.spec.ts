import { createPrivateKey } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TestGhes } from '../../test/test-ghes.js';
import { lineOf, rsaKeyPair } from '../../test/test-ghes.js';
import { newTenant } from '../../test/test-vault.js';
import { useTestVault } from '../../test/use-test-vault.js';

describe('an existing app', () => {
  const suite = useTestVault();
  let app: Awaited<ReturnType<TestGhes['createApp']>>;

  beforeAll(async () => {
    app = await suite.ghes.createApp();
  });

  const secrets = { clientSecret: 'the client secret, by hand', webhookSecret: 'the webhook secret, by hand' };
  const form = () => ({
    ...newTenant(),
    ...secrets,
    origin: suite.ghes.origin,
    appId: app.id,
    clientId: app.client_id,
    privateKey: app.pem,
    requiredPermissions: { contents: 'write', metadata: 'read' },
  });
  type Change = Partial<Omit<ReturnType<typeof form>, 'requiredPermissions'>> & {
    requiredPermissions?: Record<string, string>;
  };
  const register = (change: Change = {}) => suite.vault.as.api.registerApp({ ...form(), ...change });
  const storedCredentials = async () => (await suite.vault.database.query<unknown[]>('SELECT FROM credential')).length;

  it('is stored after the server confirmed it, and works', async () => {
    const request = form();
    await expect(suite.vault.as.api.registerApp(request)).resolves.toMatchObject({ id: app.id, slug: app.slug });
    const { organizationId, connectionId } = request;
    await expect(suite.vault.as.api.getApp({ organizationId, connectionId })).resolves.toMatchObject({ id: app.id });
    const answer = await suite.vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId });
    expect(answer.secrets).toEqual([secrets.webhookSecret]);
    await expect(suite.vault.as.api.registerApp(request)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('of an enterprise is one app for its organizations: each installation has tokens of its own repositories', async () => {
    await suite.ghes.addEnterprise('acme-group', 'octocat');
    const owned = await suite.ghes.createApp('acme-group');
    const request = { ...form(), appId: owned.id, clientId: owned.client_id, privateKey: owned.pem };
    await expect(suite.vault.as.api.registerApp(request)).resolves.toMatchObject({ id: owned.id, owner: 'acme-group' });
    const { organizationId, connectionId } = request;
    const ids: number[] = [];
    for (const account of ['acme', 'globex', 'acme-group']) ids.push(await suite.ghes.install(owned.slug, account));
    const worker = suite.vault.as['sync-worker'];
    const { installations } = await worker.listInstallations({ organizationId, connectionId });
    expect(installations).toMatchObject([
      { id: ids[0], owner: 'acme', ownerType: 'Organization' },
      { id: ids[1], owner: 'globex', ownerType: 'Organization' },
      { id: ids[2], owner: 'acme-group', ownerType: 'Enterprise' },
    ]);
    const reachable = async (installationId = 0) => {
      const scope = { repositoryIds: [], permissions: { metadata: 'read' } };
      const { token } = await worker.mintInstallationToken({ organizationId, connectionId, installationId, ...scope });
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(`${suite.ghes.origin}/api/v3/installation/repositories`, { headers });
      const { repositories } = (await response.json()) as { repositories: { full_name: string }[] };
      return new Set(repositories.map(({ full_name: name }) => name.split('/')[0]));
    };
    expect(await reachable(ids[0])).toEqual(new Set(['acme']));
    expect(await reachable(ids[1])).toEqual(new Set(['globex']));
    await expect(reachable(ids[2])).rejects.toMatchObject({ code: 'ghes-validation' });
  });

  it('is accepted with a key in PKCS#8, and with escaped line breaks', async () => {
    const pkcs8 = createPrivateKey(app.pem).export({ type: 'pkcs8', format: 'pem' }).toString();
    await expect(register({ privateKey: pkcs8 })).resolves.toMatchObject({ id: app.id });
    await expect(register({ privateKey: pkcs8.replaceAll('\n', '\\n') })).resolves.toMatchObject({ id: app.id });
  });

  it('gets a generated webhook secret if none is entered, which is sent to the server', async () => {
    const request = { ...form(), webhookSecret: '' };
    await suite.vault.as.api.registerApp(request);
    const { connectionId } = request;
    const answer = await suite.vault.as['webhook-ingest'].getWebhookSecrets({ organizationId: '', connectionId });
    expect(answer.secrets).toEqual([await suite.ghes.hookSecret(app.slug)]);
  });

  const another = rsaKeyPair('pkcs1').privateKey;
  const wrong: [what: string, change: () => Change, code: string][] = [
    ['what is no key', () => ({ privateKey: 'certainly not a key at all' }), 'invalid-private-key'],
    ['a public key', () => ({ privateKey: rsaKeyPair('pkcs1').publicKey }), 'invalid-private-key'],
    ['the key of another app', () => ({ privateKey: another }), 'app-wrong-key'],
    ['an App ID that the server does not know', () => ({ appId: 99 }), 'app-unknown-app'],
    ['the Client ID of another app', () => ({ clientId: 'Iv1.another' }), 'app-wrong-client-id'],
    ['a missing permission', () => ({ requiredPermissions: { pull_requests: 'write' } }), 'app-permission-missing'],
    ['too low a permission', () => ({ requiredPermissions: { metadata: 'write' } }), 'app-permission-missing'],
    ['a host that does not answer', () => ({ origin: 'http://127.0.0.1:1' }), 'ghes-unreachable'],
    ['github.com', () => ({ origin: 'https://github.com' }), 'server-url-is-github-com'],
  ];

  it.each(wrong)('P5: %s has a specific error, and nothing is stored', async (_what, change, code) => {
    const before = await storedCredentials();
    await expect(register(change())).rejects.toMatchObject({ code });
    expect(await storedCredentials()).toBe(before);
  });

  it('P5: a key of another app has a specific error, and nothing is stored', async () => {
    const before = await storedCredentials();
    await suite.ghes.fault('GET /app', { kind: 'changed-members', body: { id: 2 } });
    await expect(register()).rejects.toMatchObject({
      code: 'app-wrong-app',
      message: expect.stringContaining(`belongs to app 2, not to app ${app.id}`),
    });
    expect(await storedCredentials()).toBe(before);
  });

  it.each([404, 401, 200])(
    'a host that is no GitHub Enterprise Server and answers %s has a specific error',
    async (status) => {
      const server = createServer((_request, response) => response.writeHead(status).end('<html>Welcome</html>'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const code = status === 401 ? 'ghes-gateway' : 'ghes-wrong-host';
      await expect(register({ origin })).rejects.toMatchObject({ code, retryable: false });
      await new Promise((resolve) => server.close(resolve));
    },
  );

  it('P8: the id of another organization’s connection is rejected before any request to the server', async () => {
    const request = form();
    await suite.vault.as.api.registerApp(request);
    const before = (await suite.ghes.requests()).length;
    await expect(suite.vault.as.api.registerApp({ ...request, organizationId: 'another' })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await suite.ghes.requests()).toHaveLength(before);
  });

  it('P5: no answer, error, log line, row or audit record contains an entered secret', async () => {
    const answers = await Promise.allSettled([register(), register({ privateKey: another }), register({ appId: 99 })]);
    const rows: unknown[] = await suite.vault.database.query(
      `SELECT connection::text FROM connection UNION ALL SELECT audit_record::text FROM audit_record`,
    );
    const received = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : String(answer.reason)));
    const everything = JSON.stringify([received, rows, suite.vault.log]);
    for (const secret of [...Object.values(secrets), lineOf(app.pem), lineOf(another)]) {
      expect(everything).not.toContain(secret);
    }
  });
});
