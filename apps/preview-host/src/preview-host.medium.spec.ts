import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import { createDataSource } from '@reunite/database';
import { DeploymentEntity, previewHostLabel } from '@reunite/deployments';
import { SiteArchiveWriter } from '@reunite/site-archive';
import { TestPreviewHost } from '../test/test-preview-host.js';

describe('the preview host', () => {
  let host: TestPreviewHost;
  let ready: string;
  const request: TestPreviewHost['request'] = (...parameters) => host.request(...parameters);

  beforeAll(async () => {
    host = await TestPreviewHost.start();
    ready = await host.insertDeployment('success');
    const site = join(host.artifactsFolder, ready);
    await mkdir(join(site, 'guides', 'größe'), { recursive: true });
    await writeFile(join(host.artifactsFolder, 'secret.txt'), 'outside of the site');
    await writeFile(join(site, 'index.html'), '<h1>Home</h1>');
    await writeFile(join(site, '404.html'), '<h1>Not here</h1>');
    await writeFile(join(site, 'guides', 'index.html'), '<h1>Guides</h1>');
    await writeFile(join(site, 'guides', 'größe', 'index.html'), '<h1>Größe</h1>');
    await writeFile(join(site, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    await writeFile(join(site, 'empty.css'), '');
    await writeFile(join(site, 'film.mp4'), '0123456789');
    await symlink(join(host.artifactsFolder, 'secret.txt'), join(site, 'link.txt'));
    await symlink(host.artifactsFolder, join(site, 'up'));
  });

  afterAll(() => host.stop());

  it('serves a page with security headers and noindex', async () => {
    const { status, headers, body } = await request(ready, '/');
    expect([status, body]).toEqual([200, '<h1>Home</h1>']);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex',
    });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain(
      `script-src ${previewHostLabel(ready)}.preview.localhost:4400/_reunite/;`,
    );
  });

  it('redirects to the trailing slash of a folder and keeps the query', async () => {
    const { status, headers } = await request(ready, '/guides?q=1');
    expect([status, headers.location]).toEqual([302, '/guides/?q=1']);
    expect((await request(ready, '/guides/')).body).toBe('<h1>Guides</h1>');
    expect((await request(ready, '/guides/gr%C3%B6%C3%9Fe/')).body).toBe('<h1>Größe</h1>');
  });

  it('answers 304 to a matching ETag, HEAD without a body, an empty file, and 405 to other methods', async () => {
    const { headers } = await request(ready, '/');
    const cached = await request(ready, '/', { headers: { 'if-none-match': headers.etag ?? '' } });
    expect([cached.status, cached.body]).toEqual([304, '']);
    const weak = await request(ready, '/', { headers: { 'if-none-match': `"older", W/${headers.etag ?? ''}` } });
    expect(weak.status).toBe(304);
    const head = await request(ready, '/', { method: 'HEAD' });
    expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '13']);
    expect((await request(ready, '/empty.css')).body).toBe('');
    expect((await request(ready, '/', { method: 'POST' })).status).toBe(405);
  });

  it('serves a range with the same security headers as the whole file', async () => {
    const part = (range: string, headers = {}) => request(ready, '/film.mp4', { headers: { range, ...headers } });
    const whole = await request(ready, '/film.mp4');
    expect([whole.status, whole.headers['accept-ranges']]).toEqual([200, 'bytes']);
    const first = await part('bytes=0-1');
    expect([first.status, first.body, first.headers['content-range']]).toEqual([206, '01', 'bytes 0-1/10']);
    expect(first.headers).toEqual({
      ...whole.headers,
      date: expect.anything(),
      'content-length': '2',
      'content-range': 'bytes 0-1/10',
    });
    expect((await part('bytes=-3')).body).toBe('789');
    const unsatisfiable = await part('bytes=10-');
    expect([unsatisfiable.status, unsatisfiable.body, unsatisfiable.headers['content-range']]).toEqual([
      416,
      '',
      'bytes */10',
    ]);
    expect(unsatisfiable.headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
  });

  it('serves a range only of the version named by If-Range, and never of a 404 page', async () => {
    const { etag = '' } = (await request(ready, '/film.mp4')).headers;
    const part = (path: string, headers: Record<string, string>) =>
      request(ready, path, { headers: { range: 'bytes=1-1', ...headers } });
    expect(await part('/film.mp4', { 'if-range': etag })).toMatchObject({ status: 206, body: '1' });
    expect(await part('/film.mp4', { 'if-range': '"older"' })).toMatchObject({ status: 200, body: '0123456789' });
    expect((await part('/film.mp4', { 'if-none-match': etag })).status).toBe(304);
    expect(await part('/nowhere', {})).toMatchObject({ status: 404, body: '<h1>Not here</h1>' });
    expect((await part('/empty.css', {})).status).toBe(416);
    const head = await request(ready, '/film.mp4', { method: 'HEAD', headers: { range: 'bytes=1-1' } });
    expect([head.status, head.headers['content-length']]).toEqual([200, '10']);
    for (const path of ['/../secret.txt', '/link.txt']) expect((await part(path, {})).status).toBe(404);
  });

  it('serves the 404 page of the site, also to conditional requests', async () => {
    for (const path of ['/nowhere', '/nowhere/', '/index.html/']) {
      const { status, headers, body } = await request(ready, path);
      expect([status, body]).toEqual([404, '<h1>Not here</h1>']);
      expect((await request(ready, path, { headers: { 'if-none-match': headers.etag ?? '' } })).status).toBe(404);
    }
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/guides/../../secret.txt',
    '/link.txt',
    '/up/secret.txt',
    '/%00',
    '/..\\secret.txt',
    '//secret.txt',
    '//evil.example',
    '//guides',
  ])('never serves a file outside of the folder of the deployment: %s', async (path) => {
    const { status, body } = await request(ready, path);
    expect([status, body]).toEqual([404, '<h1>Not here</h1>']);
  });

  it('answers 400 to a malformed path', async () => {
    expect((await request(ready, '/%zz')).status).toBe(400);
  });

  it('serves an SVG in a sandbox', async () => {
    const { headers } = await request(ready, '/logo.svg');
    expect(headers['content-type']).toBe('image/svg+xml');
    expect(headers['content-security-policy']).toMatch(/; sandbox$/);
  });

  it.each([
    ['queued', 503, 'Build in progress'],
    ['in_progress', 503, 'Build in progress'],
    ['failed', 404, 'Build failed'],
    ['skipped', 404, 'Not built'],
    ['removed', 410, 'Preview removed'],
  ] as const)('serves a notice if the deployment is %s', async (state, status, text) => {
    const response = await request(await host.insertDeployment(state), '/');
    expect(response.status).toBe(status);
    expect(response.body).toContain(text);
  });

  it.each([newId('deployment'), newId('project'), 'www.preview.localhost', 'localhost:4400'])(
    'answers 404 to an unknown host: %s',
    async (target) => {
      const response = await request(target, '/');
      expect(response.status).toBe(404);
      expect(response.body).toContain('Preview not found');
    },
  );

  it('serves the production of a project from its first deployment on', async () => {
    expect((await request(host.projectId, '/')).body).toContain('Nothing deployed yet');
    await host.dataSource.manager.update(DeploymentEntity, { id: ready }, { current: true });
    const { body, headers } = await request(host.projectId, '/');
    expect(body).toBe('<h1>Home</h1>');
    expect(headers['x-robots-tag']).toBeUndefined();
  });

  it('serves a site as soon as its deployment has succeeded', async () => {
    const id = await host.insertDeployment('in_progress');
    await cp(join(host.artifactsFolder, ready), join(host.artifactsFolder, id), { recursive: true });
    expect((await request(id, '/')).status).toBe(503);
    await host.dataSource.manager.update(DeploymentEntity, { id }, { state: 'success' });
    expect((await request(id, '/')).body).toBe('<h1>Home</h1>');
  });

  it('serves a site in packs like one in separate files', async () => {
    const id = await host.insertDeployment('success');
    const folder = join(host.artifactsFolder, id);
    await mkdir(folder);
    const publish = async (files: Readonly<Record<string, string>>) => {
      const site = await SiteArchiveWriter.open(folder);
      for (const [path, body] of Object.entries(files)) await site.write({ path, body });
      await site.finish();
    };
    await publish({
      'index.html': '<h1>Packed</h1>',
      '404.html': '<h1>Not here</h1>',
      'guides/größe/index.html': '<h1>Größe</h1>',
      'film.mp4': '0123456789',
      'empty.css': '',
    });
    expect(await request(id, '/')).toMatchObject({ status: 200, body: '<h1>Packed</h1>' });
    expect((await request(id, '/guides/gr%C3%B6%C3%9Fe/')).body).toBe('<h1>Größe</h1>');
    expect((await request(id, '/guides/gr%C3%B6%C3%9Fe?x=1')).headers['location']).toBe('/guides/gr%C3%B6%C3%9Fe/?x=1');
    expect(await request(id, '/guides/')).toMatchObject({ status: 404, body: '<h1>Not here</h1>' });
    expect((await request(id, '/empty.css')).body).toBe('');
    const part = await request(id, '/film.mp4', { headers: { range: 'bytes=2-3' } });
    expect([part.status, part.body, part.headers['content-range']]).toEqual([206, '23', 'bytes 2-3/10']);
    for (const path of ['/../secret.txt', '/.site.json', '/index.html/', '/__proto__', '/%2e%2e/secret.txt']) {
      expect((await request(id, path)).status).toBe(404);
    }
    await publish({ 'index.html': '<h1>Published again</h1>' });
    expect((await request(id, '/')).body).toBe('<h1>Published again</h1>');
  });

  it('serves health on hosts that are not previews', async () => {
    expect((await request('localhost:4400', '/readyz')).status).toBe(200);
    expect((await request(ready, '/healthz')).body).toBe('<h1>Not here</h1>');
  });

  it('serves metrics on a port of their own only', async () => {
    expect((await request('localhost:4400', '/metrics')).status).toBe(404);
    const response = await fetch(`http://127.0.0.1:${host.service.metricsPort ?? 0}/metrics`);
    expect([response.status, await response.text()]).toEqual([
      200,
      expect.stringContaining('http_server_request_duration_seconds'),
    ]);
    expect((await fetch(`http://127.0.0.1:${host.service.metricsPort ?? 0}/`)).status).toBe(404);
  });

  it.each([
    'SELECT * FROM deployment',
    'SELECT * FROM connection',
    'SELECT * FROM webhook_payload',
    "UPDATE deployment SET state = 'success'",
    'DELETE FROM project',
    'CREATE TABLE bridge.t (id int)',
  ])('attack: a shell in the preview host cannot run %s', async (sql) => {
    const reader = await createDataSource({ url: host.readerUrl, schema: 'bridge', entities: [] }).initialize();
    await expect(reader.query(sql)).rejects.toThrow(/permission denied/);
    await reader.destroy();
  });
});

describe('the limits of the preview host', () => {
  let host: TestPreviewHost;

  beforeAll(async () => {
    host = await TestPreviewHost.start({ REQUEST_TIMEOUT_SECONDS: 1, IDLE_TIMEOUT_SECONDS: 2, MAX_CONNECTIONS: 2 });
  });

  afterAll(() => host.stop());

  /** Sends `text`, then nothing, and resolves to the milliseconds until the server closes the connection. */
  const closedAfter = (text: string) =>
    new Promise<number>((resolve) => {
      const startedAt = Date.now();
      const socket = connect(host.service.port, '127.0.0.1', () => socket.write(text));
      socket.on('error', () => undefined).on('close', () => resolve(Date.now() - startedAt));
      socket.resume();
    });

  it.each([
    ['headers', 'GET / HTTP/1.1\r\nhost: localhost\r\nx-slow: '],
    ['a body', 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nx'],
    ['nothing', ''],
  ])('attack: closes a connection that sends %s without end', async (_what, text) => {
    expect(await closedAfter(text)).toBeLessThan(8_000);
  });

  it('attack: closes connections beyond the limit at once', async () => {
    const open = [closedAfter(''), closedAfter('')];
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await closedAfter('')).toBeLessThan(1_000);
    await Promise.all(open);
  });
});
