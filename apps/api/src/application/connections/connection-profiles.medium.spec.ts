import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ConnectionProfileView, ErrorCode, Problem, ServerCertificate } from '@reunite/contracts';
import { ensureDevelopmentCa } from '@reunite/testing';
import { VaultError } from '@reunite/vault-client';
import { seed } from '../../../test/seed.js';
import { useApi } from '../../../test/use-api.js';

describe('the certificate of a server', () => {
  const api = useApi();
  const inspect = (body: object, as = 'ada') => api.call('POST', '/v1/server-certificates', { body, as });

  it('is shown with its fingerprint, so that it can be compared and pinned', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'api-certificate-'));
    const { api: identity } = await ensureDevelopmentCa(folder, ['api']);
    api.vault.serverCertificate = await readFile(identity.certFile, 'utf8');
    const shown = (await (await inspect({ serverUrl: 'https://ghes.example.com' })).json()) as ServerCertificate;
    expect(shown).toMatchObject({
      selfSigned: false,
      fingerprint: expect.stringMatching(/^([\dA-F]{2}:){31}[\dA-F]{2}$/),
    });
    expect(shown.daysLeft).toBeGreaterThan(0);
    await rm(folder, { recursive: true });
  });

  it.each<[ErrorCode, string]>([
    ['ghes-unreachable', 'serverUrl'],
    ['ghes-proxy-rejected', 'profile.proxyUrl'],
  ])('returns %s at the field %s', async (code, path) => {
    api.vault.nextFailure = new VaultError('What is wrong.', code);
    const answer = await inspect({ serverUrl: 'https://ghes.example.com' });
    expect(((await answer.json()) as Problem).violations).toEqual([{ path, message: 'What is wrong.' }]);
  });

  it('attack: is not read for a member without the role of an owner', async () => {
    expect((await inspect({ serverUrl: 'https://ghes.example.com' }, 'grace')).status).toBe(403);
  });
});

describe('the self-test of a connection', () => {
  const api = useApi();

  it('is enqueued on demand, and shows its last result', async () => {
    const { connectionId } = await seed(api.resources.dataSource, 'org_acme');
    const path = `/v1/connections/${connectionId}/self-test`;
    expect(await api.json('GET', path)).toEqual({
      state: 'untested',
      testedAt: null,
      failingSince: null,
      serverVersion: null,
      certificateExpiresAt: null,
      probes: [],
    });
    expect((await api.call('POST', path)).status).toBe(202);
    const probes = [{ name: 'tls', state: 'failed', evidence: 'Not trusted.', remedy: 'Add the authority.' }];
    await api.resources.dataSource.query(
      `INSERT INTO connection_self_test (connection_id, tested_at, failing_since, probes) VALUES ($1, now(), now(), $2)`,
      [connectionId, JSON.stringify(probes)],
    );
    expect(await api.json('GET', path)).toMatchObject({ state: 'failed', probes });
    expect((await api.call('GET', path, { as: 'mallory' })).status).toBe(404);
  });

  it('repairs the webhook with the URL of the connection', async () => {
    const { connectionId } = await seed(api.resources.dataSource, 'org_acme');
    const repair = (as: string) => api.call('POST', `/v1/connections/${connectionId}/webhook/repair`, { as });
    expect((await repair('grace')).status).toBe(403);
    expect((await repair('ada')).status).toBe(202);
    expect(api.vault.webhook.url).toMatch(new RegExp(`/webhooks/github/${connectionId}$`));
  });
});

describe('the profile of a connection', () => {
  const api = useApi();
  let path: string;
  beforeEach(async () => {
    const { connectionId } = await seed(api.resources.dataSource, 'org_acme');
    path = `/v1/connections/${connectionId}/profile`;
  });

  const entered = {
    proxyUrl: 'http://proxy.example.com:3128',
    proxyUsername: 'reunite',
    proxyPassword: 'hunter2 hunter2',
    gatewayHeaderName: 'X-Api-Key',
    gatewayHeaderValue: 'hunter3 hunter3',
  };
  const read = async () => (await api.json('GET', path)) as unknown as ConnectionProfileView;
  const replace = (body: object, as = 'ada', ifMatch = '*') =>
    api.call('PUT', path, { body, as, headers: { 'if-match': ifMatch } });

  it('is a direct connection at first', async () => {
    expect(await read()).toMatchObject({ version: 0, proxyUrl: '', hasProxyCredentials: false, caCertificates: [] });
  });

  it('is replaced only with the version that the caller read', async () => {
    const read = await api.call('GET', path);
    expect(read.headers.get('etag')).toBe('"0"');
    expect((await api.call('PUT', path, { body: entered })).status).toBe(428);
    expect((await replace(entered, 'ada', '"1"')).status).toBe(412);
    expect((await replace(entered, 'ada', 'W/"0"')).status).toBe(400);
  });

  it('is sent to the vault and shown without its secrets', async () => {
    const answer = await replace(entered);
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      proxyUrl: entered.proxyUrl,
      hasProxyCredentials: true,
      gatewayHeaderName: 'X-Api-Key',
    });
    expect(api.vault.profiles.at(-1)).toMatchObject({ subject: 'local|ada', profile: entered });
    const rows: unknown = await api.resources.dataSource.query('SELECT profile, profile_version FROM connection');
    expect(text + JSON.stringify(rows)).not.toMatch(/hunter/);
    const activity = await api.json('GET', '/v1/activity');
    expect(JSON.stringify(activity)).toContain('connection.replace-profile');
    expect(JSON.stringify(activity)).not.toMatch(/hunter/);
  });

  it('keeps credentials that are not entered again', async () => {
    await replace(entered);
    const { proxyUsername: _user, proxyPassword: _password, ...again } = entered;
    await replace({ ...again, connectTimeoutSeconds: 5 });
    expect(await read()).toMatchObject({ hasProxyCredentials: true, connectTimeoutSeconds: 5 });
    await replace({ ...again, proxyUrl: 'http://other.example.com' });
    expect(await read()).toMatchObject({ hasProxyCredentials: false });
  });

  it.each<[ErrorCode, string]>([
    ['ghes-tls', 'caBundle'],
    ['ghes-client-certificate', 'clientCertificate'],
    ['ghes-proxy-rejected', 'proxyUrl'],
    ['ghes-proxy-unreachable', 'proxyUrl'],
    ['ghes-gateway', 'gatewayHeaderName'],
  ])('returns %s at the field %s, and stores nothing', async (code, field) => {
    api.vault.nextFailure = new VaultError('What is wrong.', code);
    const answer = await replace(entered);
    const { violations } = (await answer.json()) as Problem;
    expect([answer.status, violations]).toEqual([400, [{ path: field, message: 'What is wrong.' }]]);
    expect(await read()).toMatchObject({ version: 0, proxyUrl: '' });
  });

  it('returns the violations of the vault at their fields', async () => {
    const violations = [{ path: 'clientKey', message: 'This key does not belong to the client certificate.' }];
    api.vault.nextFailure = new VaultError('clientKey: …', 'invalid-input', {}, violations);
    expect(((await (await replace(entered)).json()) as Problem).violations).toEqual(violations);
  });

  it('rejects a bundle of 1 MB, a header of two lines and times out of bounds at their fields', async () => {
    const answer = await replace({
      caBundle: `${'x'.repeat(63)}\n`.repeat(16_384),
      noProxy: ['a\nb'],
      connectTimeoutSeconds: 0,
      minTlsVersion: 'TLSv1.1',
    });
    const { violations } = (await answer.json()) as Problem;
    expect(violations?.map(({ path: field }) => field)).toEqual(
      expect.arrayContaining(['caBundle', 'noProxy.0', 'connectTimeoutSeconds', 'minTlsVersion']),
    );
    expect(JSON.stringify(violations)).toContain('at most 64 KB');
  });

  it('attack: a member without the role of an owner cannot redirect a connection', async () => {
    expect((await replace(entered, 'grace')).status).toBe(403);
    expect((await replace(entered, 'mallory')).status).toBe(404);
  });
});
