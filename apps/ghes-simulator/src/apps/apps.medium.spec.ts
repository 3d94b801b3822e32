import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser } from '../../test/browser.js';
import { Receiver, signatureIsValid } from '../../test/receiver.js';
import { jwt, TestSimulator, standardManifest, type AppCredentials } from '../../test/test-simulator.js';

describe('GitHub Apps', () => {
  let server: TestSimulator;
  let receiver: Receiver;
  let app: AppCredentials;
  let installation: number;

  beforeAll(async () => {
    receiver = await Receiver.start();
    server = await TestSimulator.start();
    app = await server.createApp({ hook_attributes: { url: receiver.url }, setup_url: 'https://docs.example/setup' });
    installation = await server.install(app.slug, 'acme', ['docs']);
  });

  afterAll(async () => {
    await server.stop();
    await receiver.stop();
  });

  it('are created from a manifest that was posted before the user signed in', async () => {
    const browser = new Browser(server.url);
    const manifest = JSON.stringify({ ...standardManifest, name: 'Early bird' });
    const path = '/organizations/acme/settings/apps';
    const posted = await browser.open(`${path}/new?state=s%261`, { manifest });
    const login = await browser.open(posted.headers.get('location') ?? '');
    const page = await (await browser.visit(login.headers.get('location') ?? '')).text();
    const review = await browser.submit(page, '/login', { login: 'octocat', password: 'octocat-password' });
    const text = await review.text();
    expect(text).toContain('Create GitHub App for acme');
    const done = await browser.submit(text, path, { name: 'Early bird' });
    const target = new URL(done.headers.get('location') ?? '');
    expect(target.origin + target.pathname).toBe('https://docs.example/callback');
    expect(target.searchParams.get('state')).toBe('s&1');

    const code = target.searchParams.get('code') ?? '';
    const converted = await server.api('POST', `/app-manifests/${code}/conversions`);
    expect(converted).toMatchObject({ status: 201, body: { slug: 'early-bird', owner: { login: 'acme' } } });
    expect(converted.body.pem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----/);
    await expect(server.api('POST', `/app-manifests/${code}/conversions`)).resolves.toMatchObject({ status: 404 });
  });

  it('are rejected if a manifest requests what GHES does not support', async () => {
    const browser = new Browser(server.url);
    await browser.signIn('octocat');
    const faults = [
      { hook_attributes: { url: receiver.url, secret: 'x' } },
      { default_events: ['installation'] },
      { default_permissions: { everything: 'write' } },
      { default_events: ['push'], default_permissions: {} },
      { name: 'x'.repeat(35) },
      { url: undefined },
    ];
    for (const fault of faults) {
      const manifest = JSON.stringify({ ...standardManifest, name: 'Faulty', ...fault });
      const page = await (await browser.visit('/organizations/acme/settings/apps/new', { manifest })).text();
      expect(page).toContain('cannot be created');
    }
  });

  it('are created only by an owner of the organization, from a page of this server', async () => {
    const hubot = new Browser(server.url);
    await hubot.signIn('hubot');
    const manifest = JSON.stringify({ ...standardManifest, name: 'Not mine' });
    expect((await hubot.visit('/organizations/acme/settings/apps/new', { manifest })).status).toBe(403);
    const mona = new Browser(server.url);
    await mona.signIn('octocat');
    const review = await mona.visit('/organizations/acme/settings/apps/new', { manifest });
    const key = /name="manifest_key"\s+value="([^"]+)"/.exec(await review.text())?.[1] ?? '';
    const forged = await mona.visit('/organizations/acme/settings/apps', { manifest_key: key, name: 'Not mine' });
    expect(forged.status).toBe(403);
  });

  it('authenticate with a JWT that is valid for at most ten minutes', async () => {
    const now = Math.floor(Date.now() / 1000);
    const get = async (claims?: { iat?: number; exp?: number }) => server.api('GET', '/app', await jwt(app, claims));
    await expect(get()).resolves.toMatchObject({ status: 200, body: { id: app.id, installations_count: 1 } });
    await expect(get({ exp: now + 700 })).resolves.toMatchObject({
      status: 401,
      body: { message: expect.stringContaining('too far') },
    });
    await expect(get({ exp: now - 1 })).resolves.toMatchObject({ status: 401 });
    await expect(get({ iat: now + 300 })).resolves.toMatchObject({ status: 401 });
    const other = await server.createApp({ name: 'Another' });
    await expect(server.api('GET', '/app', await jwt({ id: app.id, pem: other.pem }))).resolves.toMatchObject({
      status: 401,
    });
    await expect(server.api('GET', '/app', await jwt({ id: 999, pem: app.pem }))).resolves.toMatchObject({
      status: 404,
    });
  });

  it('list their installations', async () => {
    await expect(server.api('GET', '/app/installations', await jwt(app))).resolves.toMatchObject({
      body: [{ id: installation, account: { login: 'acme' } }],
    });
  });

  it('see the membership of a user only with permission', async () => {
    const path = '/orgs/acme/memberships/hubot';
    const curious = await server.createApp({
      name: 'Curious',
      default_permissions: { members: 'read' },
      default_events: [],
    });
    const token = await server.token(curious, await server.install(curious.slug));
    await expect(server.api('GET', path, token)).resolves.toMatchObject({ body: { state: 'active', role: 'member' } });
    const stranger = '/orgs/acme/memberships/mallory';
    await expect(server.api('GET', stranger, token)).resolves.toMatchObject({ status: 404 });
    const blind = await server.token(app, installation);
    await expect(server.api('GET', path, blind)).resolves.toMatchObject({ status: 403 });
  });

  it('receive tokens with at most their own permissions', async () => {
    const token = await server.token(app, installation, { repository_ids: [1], permissions: { statuses: 'write' } });
    await expect(server.api('GET', '/installation/repositories', token)).resolves.toMatchObject({
      body: { total_count: 1, repositories: [{ full_name: 'acme/docs' }] },
    });
    await expect(server.api('GET', '/repos/acme/docs/branches', token)).resolves.toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by integration' },
    });
    await expect(server.api('GET', '/repos/globex/handbook', token)).resolves.toMatchObject({ status: 404 });
    await expect(server.mint(app, installation, { repositories: ['empty'] })).resolves.toMatchObject({ status: 422 });
    await expect(server.mint(app, installation, { permissions: { issues: 'read' } })).resolves.toMatchObject({
      status: 422,
    });
    const another = await server.createApp({ name: 'Stranger' });
    await expect(server.mint(another, installation)).resolves.toMatchObject({ status: 404 });
  });

  it('lose tokens by revocation, suspension and expiry', async () => {
    const list = (token: string) => server.api('GET', '/installation/repositories', token);
    const revoked = await server.token(app, installation);
    await server.api('DELETE', '/installation/token', revoked);
    await expect(list(revoked)).resolves.toMatchObject({ status: 401, body: { message: 'Bad credentials' } });

    const token = await server.token(app, installation);
    await server.control(`/installations/${installation}/suspend`);
    await expect(server.mint(app, installation)).resolves.toMatchObject({ status: 403 });
    await expect(list(token)).resolves.toMatchObject({ status: 403 });
    await server.control(`/installations/${installation}/unsuspend`);
    await expect(list(token)).resolves.toMatchObject({ status: 200 });

    await server.control('/clock', { advanceSeconds: 3601 });
    await expect(list(token)).resolves.toMatchObject({ status: 401 });
    await server.control('/clock', { advanceSeconds: -3601 });
  });

  it('are installed on selected repositories, and receive events about it', async () => {
    const fresh = await server.createApp({
      name: 'Installed',
      hook_attributes: { url: receiver.url },
      setup_url: 'https://docs.example/setup',
    });
    const browser = new Browser(server.url);
    await browser.signIn('octocat');
    const page = await (await browser.visit(`/github-apps/${fresh.slug}/installations/new?state=abc`)).text();
    const target = /name="target_id"\s+value="(\d+)"/.exec(page)?.[1] ?? '';
    const fields = { target_id: target, selection: 'selected', repository_ids: ['1'] };
    const done = await browser.submit(page, `/github-apps/${fresh.slug}/installations`, fields);
    const location = new URL(done.headers.get('location') ?? '');
    expect(location.href).toMatch(
      /^https:\/\/docs\.example\/setup\?installation_id=\d+&setup_action=install&state=abc$/,
    );
    await server.settle();
    const created = receiver.last('installation.created');
    expect(signatureIsValid(created, fresh.webhook_secret)).toBe(true);
    expect(created.payload).toMatchObject({
      installation: { app_id: fresh.id, account: { login: 'acme' }, repository_selection: 'selected' },
      repositories: [{ full_name: 'acme/docs' }],
      sender: { login: 'octocat' },
    });

    await server.install(fresh.slug, 'acme', ['docs', 'empty']);
    await server.control(`/installations/${location.searchParams.get('installation_id') ?? ''}/uninstall`);
    await server.settle();
    expect(receiver.last('installation_repositories.added').payload).toMatchObject({
      repositories_added: [{ full_name: 'acme/empty' }],
    });
    expect(receiver.last('installation.deleted').payload).toMatchObject({ installation: { app_id: fresh.id } });
  });

  it('read deliveries and repeat them with the same GUID and the current secret', async () => {
    const auth = await jwt(app);
    await server.api('PATCH', '/app/hook/config', auth, { secret: 'tomorrow' });
    const list = await server.api('GET', '/app/hook/deliveries?per_page=1', auth);
    expect(list.headers.get('link')).toMatch(/cursor=v1_\d+>; rel="next"/);
    const delivery = list.body[0];
    const again = await server.api('POST', `/app/hook/deliveries/${delivery.id}/attempts`, auth);
    expect(again.status).toBe(202);
    await server.settle();
    expect(receiver.received.at(-1)?.headers['x-github-delivery']).toBe(delivery.guid);
    expect(signatureIsValid(receiver.received.at(-1)!, 'tomorrow')).toBe(true);
    const newest = await server.api('GET', '/app/hook/deliveries?per_page=1', auth);
    expect(newest.body[0]).toMatchObject({ guid: delivery.guid, redelivery: true, status_code: 202 });
    await expect(server.api('GET', `/app/hook/deliveries/${delivery.id}`, auth)).resolves.toMatchObject({
      body: { request: { payload: {} }, response: { payload: 'thanks' } },
    });
  });

  it('are requested by members, and wait until an owner installs them', async () => {
    const fresh = await server.createApp({ name: 'Requested', setup_url: 'https://docs.example/setup' });
    const requests = async () =>
      (await server.api('GET', '/app/installation-requests', await jwt(fresh))).body as unknown as object[];
    const member = new Browser(server.url);
    await member.signIn('hubot');
    const page = await (await member.visit(`/github-apps/${fresh.slug}/installations/new?state=abc`)).text();
    const target = /name="target_id"\s+value="(\d+)"/.exec(page)?.[1] ?? '';
    const done = await member.submit(page, `/github-apps/${fresh.slug}/installations`, { target_id: target });
    expect(done.headers.get('location')).toBe('https://docs.example/setup?setup_action=request&state=abc');
    expect(await requests()).toMatchObject([{ account: { login: 'acme' }, requester: { login: 'hubot' } }]);
    await server.install(fresh.slug, 'acme', 'all');
    expect(await requests()).toEqual([]);
  });

  it('are owned by an enterprise, and installed on its organizations and on itself', async () => {
    await server.control('/enterprises', { login: 'acme-group', administrator: 'octocat' });
    const manifest = { ...standardManifest, name: 'Group' };
    const owned = (await server.control('/apps', { account: 'acme-group', manifest })) as unknown as AppCredentials;
    const ids = [];
    for (const account of ['acme', 'globex', 'acme-group']) ids.push(await server.install(owned.slug, account, 'all'));
    const as = await jwt(owned);
    await expect(server.api('GET', '/app', as)).resolves.toMatchObject({ body: { owner: { slug: 'acme-group' } } });
    const listed = (await server.api('GET', '/app/installations', as)).body as unknown as { target_type: string }[];
    expect(listed.map(({ target_type }) => target_type)).toEqual(['Organization', 'Organization', 'Enterprise']);
    expect(listed[2]).toMatchObject({ account: { slug: 'acme-group' } });
    expect(listed[2]).not.toHaveProperty('account.login');
    expect(listed[2]).toMatchObject({ permissions: {} });
    const token = await server.token(owned, ids[2] ?? 0);
    await expect(server.api('GET', '/installation/repositories', token)).resolves.toMatchObject({
      body: { total_count: 0 },
    });
  });
});
