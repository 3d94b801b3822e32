import { beforeEach, describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { ErrorCode, Problem } from '@reunite/contracts';
import { storeUsage } from '@reunite/connections';
import { VaultError } from '@reunite/vault-client';
import { PUBLIC_URL } from '../../../test/test-api.js';
import { seed } from '../../../test/seed.js';
import { useApi } from '../../../test/use-api.js';

const secrets = {
  clientSecret: 'client-secret-of-the-app-0123456789',
  privateKey: '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\n-----END RSA PRIVATE KEY-----',
  webhookSecret: 'webhook-secret-of-the-app-0123456789',
};
const anySecret = /client-secret-of-the-app|MIIEpAIBAAKCAQEA7|webhook-secret-of-the-app/;

describe('the credentials of an app', () => {
  const api = useApi();

  beforeEach(() => {
    api.vault.deleted.length = 0;
    api.vault.rotated.length = 0;
  });

  let lastAppId = 100;
  const input = (name: string) => ({
    name,
    serverUrl: 'https://ghes.example.com',
    owner: 'acme',
    // An organization adds an app once.
    appId: name === 'Existing' ? 7 : ++lastAppId,
    clientId: 'Iv1.7',
    ...secrets,
  });
  const add = (body: object, headers = {}) => api.call('POST', '/v1/connections/existing', { body, headers });
  const names = async () => {
    const page = await api.json('GET', '/v1/connections?limit=100');
    return (page['items'] as { name: string }[]).map(({ name }) => name);
  };
  const depth = () => api.resources.producer.depth('connections');
  const everythingWritten = async () => {
    const { dataSource } = api.resources;
    const tables = await dataSource.query<{ name: string }[]>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    const rows = await Promise.all(
      tables.map(({ name }) => dataSource.query<{ row: string }[]>(`SELECT t::text AS row FROM ${name} t`)),
    );
    return rows.flat().map(({ row }) => row);
  };

  describe('adding an existing app', () => {
    it('returns the required settings of the app before anything is entered', async () => {
      expect(await api.json('GET', '/v1/app-settings', { as: 'grace' })).toMatchObject({
        callbackUrl: `${PUBLIC_URL}/callback/oauth2`,
        webhookUrl: 'http://localhost:4310/api/webhooks/git/github_server',
        permissions: { contents: 'write' },
        events: ['create', 'delete', 'pull_request', 'push'],
      });
    });

    it('stores it in the vault, and returns a connected provider without secrets', async () => {
      const before = await depth();
      const answer = await add(input('Existing'), { 'idempotency-key': 'existing-1' });
      const text = await answer.text();
      expect([answer.status, JSON.parse(text)]).toEqual([
        201,
        expect.objectContaining({ name: 'Existing', status: 'connected', statusReason: null }),
      ]);
      expect(text).not.toMatch(anySecret);
      const { id } = JSON.parse(text) as { id: string };
      expect(api.vault.registered.at(-1)).toMatchObject({
        ...secrets,
        connectionId: id,
        organizationId: 'org_acme',
        origin: 'https://ghes.example.com',
        appId: 7,
        requiredPermissions: { contents: 'write', pull_requests: 'read' },
      });
      // The refresh and the self-test.
      expect(await depth()).toBe(before + 2);
      const again = await add(input('Existing'), { 'idempotency-key': 'existing-1' });
      expect(await again.json()).toEqual(JSON.parse(text));
    });

    it('rejects an app that the organization has added already, before the vault changes its webhook secret', async () => {
      const registered = api.vault.registered.length;
      const answer = await add({ ...input('Twin'), appId: 7 });
      expect([answer.status, ((await answer.json()) as Problem).detail]).toEqual([
        409,
        expect.stringContaining('The provider "Existing" is connected to app 7'),
      ]);
      expect(api.vault.registered).toHaveLength(registered);
    });

    it('writes no secret to the database or the queue', async () => {
      const written = await everythingWritten();
      expect(written.some((row) => row.includes('existing-1'))).toBe(true);
      for (const row of written) expect(row).not.toMatch(anySecret);
    });

    it.each<[ErrorCode, string]>([
      ['app-wrong-host', 'serverUrl'],
      ['ghes-unreachable', 'serverUrl'],
      ['ghes-tls', 'serverUrl'],
      ['ghes-blocked-address', 'serverUrl'],
      ['app-unknown-app', 'appId'],
      ['app-wrong-app', 'appId'],
      ['app-permission-missing', 'appId'],
      ['app-wrong-client-id', 'clientId'],
      ['app-wrong-key', 'privateKey'],
      ['invalid-private-key', 'privateKey'],
    ])('returns %s at the field %s, and stores nothing', async (code, path) => {
      api.vault.nextFailure = new VaultError('What is wrong.', code);
      const answer = await add(input('Rejected'));
      const problem = (await answer.json()) as Problem;
      expect([answer.status, problem.violations]).toEqual([400, [{ path, message: 'What is wrong.' }]]);
      expect(await names()).not.toContain('Rejected');
      expect(api.vault.deleted).toHaveLength(1);
    });

    it('names every invalid field, and never repeats the entered value', async () => {
      const wrong = { ...input(''), appId: 'seven', clientSecret: 'hunter2', privateKey: 'hunter2', clientId: '' };
      const answer = await add({ ...wrong, webhookSecret: 'hunter2' });
      const text = await answer.text();
      const { violations } = JSON.parse(text) as Problem;
      expect(violations?.map(({ path }) => path)).toEqual(
        expect.arrayContaining(['name', 'appId', 'clientId', 'clientSecret', 'privateKey', 'webhookSecret']),
      );
      expect(text).not.toContain('hunter2');
    });

    it('rejects an app of another owner', async () => {
      const answer = await add({ ...input('Foreign'), owner: 'globex', appId: 70 });
      expect(((await answer.json()) as Problem).violations).toEqual([
        { path: 'owner', message: 'App 70 belongs to acme, not to globex.' },
      ]);
      expect(await names()).not.toContain('Foreign');
      expect(api.vault.deleted).toHaveLength(1);
    });

    it('keeps a provider that can be refreshed or deleted if the outcome in the vault is unknown', async () => {
      api.vault.nextFailure = new VaultError('Did not answer.', 'vault-timeout');
      const before = await depth();
      expect((await add(input('Unknown end'))).status).toBe(504);
      expect(await depth()).toBe(before + 1);
      const page = await api.json('GET', '/v1/connections?limit=100');
      const left = (page['items'] as { name: string }[]).find(({ name }) => name === 'Unknown end');
      expect(left).toMatchObject({ status: 'pending', statusReason: expect.stringContaining('Select Refresh') });
      expect(api.vault.deleted).toEqual([]);
    });

    it('requires the role of an owner', async () => {
      const answer = await api.call('POST', '/v1/connections/existing', { as: 'grace', body: input('No') });
      expect(answer.status).toBe(403);
    });
  });

  describe('rotation', () => {
    const rotations = [
      ['private-key', { privateKey: secrets.privateKey }],
      ['client-secret', { clientSecret: secrets.clientSecret }],
      ['webhook-secret', { webhookSecret: secrets.webhookSecret }],
    ] as const;

    it.each(rotations)('of the %s passes it to the vault, and refreshes the connection', async (kind, body) => {
      const { connectionId } = await seed(api.resources.dataSource, 'org_acme');
      const before = await depth();
      const answer = await api.call('POST', `/v1/connections/${connectionId}/${kind}`, { body });
      expect([answer.status, await answer.json()]).toEqual([200, { version: 2 }]);
      const [credential] = Object.values(body);
      const rotated = { kind, credential, connectionId, subject: 'local|ada', organizationId: 'org_acme' };
      expect(api.vault.rotated).toEqual([rotated]);
      expect(await depth()).toBe(before + 1);
    });

    it.each(rotations)('of the %s requires the role of an owner', async (kind, body) => {
      const { connectionId } = await seed(api.resources.dataSource, 'org_acme');
      const answer = await api.call('POST', `/v1/connections/${connectionId}/${kind}`, { as: 'grace', body });
      expect([answer.status, api.vault.rotated]).toEqual([403, []]);
    });

    it('generates a webhook secret if none is given', async () => {
      const { connectionId } = await seed(api.resources.dataSource, 'org_acme');
      expect((await api.call('POST', `/v1/connections/${connectionId}/webhook-secret`, { body: {} })).status).toBe(200);
      expect(api.vault.rotated).toEqual([expect.objectContaining({ credential: '' })]);
    });

    it('returns a violation of the field if the server rejects a key', async () => {
      const { connectionId } = await seed(api.resources.dataSource, 'org_acme');
      api.vault.nextFailure = new VaultError('The server does not accept it.', 'app-wrong-key');
      const body = { privateKey: secrets.privateKey };
      const problem = await api.json('POST', `/v1/connections/${connectionId}/private-key`, { body });
      expect(problem).toMatchObject({ status: 400, violations: [{ path: 'privateKey', message: expect.any(String) }] });
    });

    it('is rejected with a conflict if the connection has no app', async () => {
      const { connectionId } = await seed(api.resources.dataSource, 'org_acme');
      api.vault.nextFailure = new VaultError('It has no app yet.', 'connection-pending');
      const answer = await api.call('POST', `/v1/connections/${connectionId}/webhook-secret`, { body: {} });
      expect(answer.status).toBe(409);
    });
  });

  it('are in no response schema of the API description, and its examples have no key', async () => {
    const document = (await api.json('GET', '/openapi.json')) as unknown as OpenAPIObject;
    const schemas = document.components?.schemas ?? {};
    const appSecrets = ['clientSecret', 'privateKey', 'webhookSecret', 'pem', 'token', 'secret'];
    const secretFields = [...appSecrets, 'clientKey', 'proxyUsername', 'proxyPassword', 'gatewayHeaderValue'];
    const rotations = ['RotatePrivateKey', 'RotateClientSecret', 'RotateWebhookSecret'];
    const inputs = ['AddExistingApp', 'ConnectionProfileInput', ...rotations];
    for (const [name, schema] of Object.entries(schemas)) {
      const fields = 'properties' in schema ? Object.keys(schema.properties ?? {}) : [];
      if (!inputs.includes(name)) for (const field of fields) expect(secretFields).not.toContain(field);
    }
    expect(Object.keys(schemas)).toEqual(expect.arrayContaining(inputs));
    const text = JSON.stringify(document);
    expect(text).toMatch(/PRIVATE KEY-----\\n…/);
    expect(text).not.toMatch(/PRIVATE KEY-----\\n[\w+/]|gh[oprsu]_\w/);
  });

  describe('the health of a connection', () => {
    it('combines what services recorded, and is shown without the vault', async () => {
      const { dataSource } = api.resources;
      const { connectionId: id } = await seed(dataSource, 'org_acme');
      const at = new Date('2026-01-01T00:00:00Z');
      const rateLimit = { limit: 5_000, remaining: 4_990, resetsAt: null, readAt: at };
      await storeUsage(dataSource.manager, [{ connectionId: id, lastSuccessAt: at, rateLimit }]);
      await storeUsage(dataSource.manager, [{ connectionId: id, lastSuccessAt: null, rateLimit: null }]);
      api.vault.tokenUsage = { lastDay: 3, lastAt: at.toISOString(), permissions: { contents: at.toISOString() } };
      const health = await api.json('GET', `/v1/connections/${id}/health`, { as: 'grace' });
      expect(health).toMatchObject({
        lastDeliveryAt: expect.any(String),
        lastCallAt: at.toISOString(),
        rateLimit: { limit: 5_000, remaining: 4_990, resetsAt: null, readAt: at.toISOString() },
        tokens: { lastDay: 3, lastAt: at.toISOString() },
        serverSupport: 'unknown',
      });
      expect(health['permissions']).toContainEqual(
        expect.objectContaining({ name: 'contents', needed: 'write', usedAt: at.toISOString() }),
      );
      expect(health['events']).toContainEqual(
        expect.objectContaining({ name: 'push', needed: true, receivedAt: health['lastDeliveryAt'] }),
      );
      api.vault.nextFailure = new VaultError('The vault is away.', 'vault-unavailable');
      expect(await api.json('GET', `/v1/connections/${id}/health`)).toMatchObject({
        lastCallAt: at.toISOString(),
        tokens: null,
      });
    });

    it('has the changes that the vault recorded, page by page', async () => {
      const { connectionId: id } = await seed(api.resources.dataSource, 'org_acme');
      const record = { at: '2026-01-01T00:00:00.000Z', caller: 'api', method: 'rotatePrivateKey', outcome: 'ok' };
      api.vault.auditRecords = [3, 2].map((seq) => {
        const subject = seq === 2 ? 'local|ada' : '';
        return { ...record, seq, subject, details: { version: '2' } };
      });
      await api.call('POST', `/v1/connections/${id}/refresh`);
      const first = await api.json('GET', `/v1/connections/${id}/audit?limit=1`);
      expect(first['items']).toEqual([
        {
          ...record,
          caller: undefined,
          number: 3,
          service: 'api',
          subject: null,
          name: null,
          details: { version: '2' },
        },
      ]);
      const next = await api.json('GET', `/v1/connections/${id}/audit?limit=1&after=${String(first['endCursor'])}`);
      expect(next).toMatchObject({ items: [{ number: 2, name: 'Ada' }], endCursor: null });
      expect((await api.call('GET', `/v1/connections/${id}/audit`, { as: 'grace' })).status).toBe(403);
    });
  });
});
