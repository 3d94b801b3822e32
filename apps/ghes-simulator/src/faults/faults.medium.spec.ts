import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Receiver } from '../../test/receiver.js';
import { TestSimulator } from '../../test/test-simulator.js';

describe('faults', () => {
  let server: TestSimulator;

  beforeAll(async () => {
    server = await TestSimulator.start();
  });

  afterAll(() => server.stop());

  async function meet(fault: object, path = '/api/v3/repos/acme/docs'): Promise<Response> {
    await server.control('/faults', { route: 'GET /*', ...fault });
    return fetch(server.url + path, { redirect: 'manual' });
  }

  it('limit requests with and without rate limit headers', async () => {
    const primary = await meet({ kind: 'primary-limit', status: 429, seconds: 90 });
    expect([primary.status, primary.headers.get('x-ratelimit-remaining')]).toEqual([429, '0']);
    expect((await meet({ kind: 'secondary-limit', seconds: 7 })).headers.get('retry-after')).toBe('7');
    const bare = await meet({ kind: 'secondary-limit', bare: true });
    expect([bare.status, bare.headers.get('retry-after')]).toEqual([403, null]);
  });

  it('answer like a broken proxy', async () => {
    expect(await (await meet({ kind: 'html' })).text()).toContain('<h1>');
    expect(await (await meet({ kind: 'empty' })).text()).toBe('');
    await expect((await meet({ kind: 'invalid-json' })).json()).rejects.toThrow();
    expect((await meet({ kind: 'wrong-type' })).headers.get('content-type')).toBe('application/octet-stream');
    await expect(meet({ kind: 'huge-headers' })).rejects.toThrow();
    const away = await meet({ kind: 'redirect', to: 'https://evil.example' });
    expect([away.status, away.headers.get('location')]).toEqual([302, 'https://evil.example/']);
    const link = await meet({ kind: 'foreign-link' }, '/api/v3/orgs/acme/repos?per_page=1');
    expect(link.headers.get('link')).toContain('<https://elsewhere.example/api/v3/orgs/acme/repos');
    const off = await meet({ kind: 'wrong-date', seconds: 3600 });
    expect(Date.parse(off.headers.get('date')!) - Date.now()).toBeGreaterThan(3_500_000);
  });

  it('cut, slow down, truncate and change answers', async () => {
    await expect((await meet({ kind: 'cut-body' })).text()).rejects.toThrow();
    await expect((await meet({ kind: 'truncate' })).json()).rejects.toThrow();
    const started = Date.now();
    await expect((await meet({ kind: 'slow-body', delayMs: 200 })).json()).resolves.toMatchObject({ name: 'docs' });
    expect(Date.now() - started).toBeGreaterThan(190);
    const tree = await meet({ kind: 'truncated-tree' }, '/api/v3/repos/acme/docs/git/trees/main');
    await expect(tree.json()).resolves.toMatchObject({ truncated: true });
    const changed = await meet({ kind: 'changed-members', body: { id: 'x', extra: null }, omit: ['owner'] });
    const members = (await changed.json()) as object;
    expect(members).toMatchObject({ id: 'x', extra: null, name: 'docs' });
    expect(members).not.toHaveProperty('owner');
    const redirect = await fetch(`${server.url}/api/v3/repos/acme/docs/tarball/main`, { redirect: 'manual' });
    const whole = await (await fetch(redirect.headers.get('location')!)).arrayBuffer();
    const { pathname, search } = new URL(redirect.headers.get('location')!);
    const half = await (await meet({ route: 'GET /_codeload/*', kind: 'truncate' }, pathname + search)).arrayBuffer();
    expect(half.byteLength).toBe(Math.floor(whole.byteLength / 2));
  });

  it('reorder deliveries', async () => {
    const receiver = await Receiver.start();
    const app = await server.createApp({ hook_attributes: { url: receiver.url } });
    await server.settle();
    receiver.clear();
    await server.control('/delivery-faults', { kind: 'reorder' });
    const id = await server.install(app.slug);
    await server.control(`/installations/${id}/suspend`);
    await server.settle();
    expect(receiver.names()).toEqual(['installation.suspend', 'installation.created']);
    const put = { permissions: { contents: 'read', issues: 'read' } };
    await server.send('PUT', `/_simulator/apps/${app.slug}/permissions`, undefined, put);
    await server.control(`/installations/${id}/accept-permissions`);
    await server.settle();
    expect(receiver.names().at(-1)).toBe('installation.new_permissions_accepted');
    await receiver.stop();
  });
});
