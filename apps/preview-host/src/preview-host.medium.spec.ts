import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import { createDataSource } from '@reunite/database';
import { DeploymentEntity, previewHostLabel } from '@reunite/deployments';
import { eventually, S3Server } from '@reunite/testing';
import { TestPreviewHost } from '../test/test-preview-host.js';

const SITE = {
  'index.html': '<h1>Home</h1>',
  '404.html': '<h1>Not here</h1>',
  'guides/index.html': '<h1>Guides</h1>',
  'guides/größe/index.html': '<h1>Größe</h1>',
  'logo.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'empty.css': '',
  'film.mp4': '0123456789',
  'large.html': '<p>A line of a page that is worth compressing.</p>\n'.repeat(500),
  'long.mp4': Buffer.alloc(3_000_000, 'film'),
  '_reunite/site.0123abcd.css': 'body {}',
};

describe('the preview host', () => {
  let host: TestPreviewHost;
  let ready: string;
  const request: TestPreviewHost['request'] = (...parameters) => host.request(...parameters);

  beforeAll(async () => {
    host = await TestPreviewHost.start();
    ready = await host.insertDeployment('success');
    await writeFile(join(host.artifactsFolder, 'secret.txt'), 'outside of the site');
    await host.publish(ready, SITE);
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

  it('attack: files of a preview cannot be embedded by pages of other sites, and no host sets cookies', async () => {
    for (const path of ['/', '/missing', '/guides']) {
      const { headers } = await request(ready, path);
      expect([path, headers['cross-origin-resource-policy']]).toEqual([path, 'same-origin']);
      expect(headers['set-cookie']).toBeUndefined();
    }
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
    for (const path of ['/../secret.txt', '/.site.json']) expect((await part(path, {})).status).toBe(404);
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
    '/.site.json',
    '/packs',
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
    await host.sites.copy(ready, id);
    expect((await request(id, '/')).status).toBe(503);
    await host.dataSource.manager.update(DeploymentEntity, { id }, { state: 'success' });
    expect((await request(id, '/')).body).toBe('<h1>Home</h1>');
  });

  it('serves a site of an earlier release, whose packs are beside its manifest', async () => {
    const id = await host.insertDeployment('success');
    const folder = join(host.artifactsFolder, id);
    const pack = '0'.repeat(32);
    const files = [['index.html', 0, 0, 15, 'key']];
    await mkdir(folder);
    await writeFile(join(folder, `.${pack}.pack`), '<h1>Packed</h1>');
    await writeFile(join(folder, '.site.json'), JSON.stringify({ version: 1, packs: [pack], files }));
    expect(await request(id, '/')).toMatchObject({ status: 200, body: '<h1>Packed</h1>' });
    expect((await request(id, '/__proto__')).status).toBe(404);
  });

  it('serves a site that was stored again within a second', async () => {
    const id = await host.insertDeployment('success');
    await host.publish(id, { 'index.html': '<h1>First</h1>' });
    expect((await request(id, '/')).body).toBe('<h1>First</h1>');
    await host.publish(id, { 'index.html': '<h1>Second</h1>' });
    await eventually(async () => (await request(id, '/')).body === '<h1>Second</h1>');
  });

  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('sends a page compressed with %s, with an ETag of its own', async (encoding, decompress) => {
    const headers = { 'accept-encoding': encoding };
    const plain = await request(ready, '/large.html');
    const response = await request(ready, '/large.html', { headers });
    expect(response.headers).toMatchObject({ 'content-encoding': encoding, vary: 'accept-encoding' });
    expect([plain.headers['content-encoding'], plain.headers.vary]).toEqual([undefined, 'accept-encoding']);
    expect(response.raw.length).toBeLessThan(plain.raw.length / 10);
    expect(decompress(response.raw).toString()).toBe(SITE['large.html']);
    const { etag = '' } = response.headers;
    expect(etag).not.toBe(plain.headers.etag);
    const cached = await request(ready, '/large.html', { headers: { ...headers, 'if-none-match': etag } });
    expect([cached.status, cached.body]).toEqual([304, '']);
    const head = await request(ready, '/large.html', { method: 'HEAD', headers });
    expect([head.headers['content-length'], head.body]).toEqual([String(response.raw.length), '']);
  });

  it('lets browsers keep versioned scripts and styles only', async () => {
    const cacheControlOf = async (path: string) => (await request(ready, path)).headers['cache-control'];
    expect(await cacheControlOf('/_reunite/site.0123abcd.css')).toBe('private, max-age=31536000, immutable');
    expect(await cacheControlOf('/_reunite/site.4567abcd.css')).toBe('no-cache');
    expect(await cacheControlOf('/')).toBe('no-cache');
  });

  it('sends parts of a page as it is, and neither small files nor films compressed', async () => {
    const headers = { 'accept-encoding': 'gzip, br' };
    const part = await request(ready, '/large.html', { headers: { ...headers, range: 'bytes=0-3' } });
    expect([part.status, part.body, part.headers['content-encoding']]).toEqual([206, '<p>A', undefined]);
    for (const path of ['/', '/film.mp4', '/long.mp4']) {
      expect((await request(ready, path, { headers })).headers['content-encoding']).toBeUndefined();
    }
    const film = await request(ready, '/long.mp4', { headers: { range: 'bytes=2999996-' } });
    expect([film.status, film.body]).toEqual([206, 'film']);
    expect((await request(ready, '/long.mp4')).raw.equals(SITE['long.mp4'])).toBe(true);
  });

  it('keeps the ETag of a file that another deployment does not change', async () => {
    const id = await host.insertDeployment('success');
    await host.publish(id, { ...SITE, 'index.html': '<h1>Changed</h1>' });
    const etagsOf = (path: string) =>
      Promise.all([ready, id].map(async (site) => (await request(site, path)).headers.etag));
    const [before, after] = await etagsOf('/guides/');
    expect(after).toBe(before);
    const [home, changed] = await etagsOf('/');
    expect(changed).not.toBe(home);
  });

  it('answers 503 instead of a damaged file', async () => {
    const id = await host.insertDeployment('success');
    await host.publish(id, { 'index.html': '<h1>Fresh and unique</h1>' });
    const packs = join(host.artifactsFolder, 'packs', host.projectId);
    for (const name of await readdir(packs)) {
      const content = await readFile(join(packs, name));
      const at = content.indexOf('Fresh and unique');
      if (at === -1 || name.endsWith('.json')) continue;
      content[at] = 'f'.charCodeAt(0);
      await writeFile(join(packs, name), content);
    }
    const { status, headers, body } = await request(id, '/');
    expect([status, headers.etag, body.includes('Temporarily unavailable')]).toEqual([503, undefined, true]);
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

describe('the preview host with sites in a bucket', () => {
  let server: S3Server;
  let host: TestPreviewHost;

  beforeAll(async () => {
    server = await S3Server.start();
    Object.assign(process.env, server.environment);
    host = await TestPreviewHost.start({ ARTIFACTS_URL: server.url('artifacts') });
  });

  afterAll(async () => {
    await host.stop();
    await server.stop();
  });

  it('serves pages, ranges and large files, and reads a page once', async () => {
    const id = await host.insertDeployment('success');
    await host.publish(id, SITE);
    expect(await host.request(id, '/')).toMatchObject({ status: 200, body: '<h1>Home</h1>' });
    const part = await host.request(id, '/long.mp4', { headers: { range: 'bytes=2999996-' } });
    expect([part.status, part.body]).toEqual([206, 'film']);
    expect((await host.request(id, '/long.mp4')).raw.equals(SITE['long.mp4'])).toBe(true);
    expect((await host.request(id, '/nowhere')).body).toBe('<h1>Not here</h1>');
    const reads = () => server.requests.filter((request) => request.startsWith('GET artifacts/packs/')).length;
    const before = reads();
    for (let i = 0; i < 5; i += 1) expect((await host.request(id, '/')).status).toBe(200);
    expect(reads()).toBe(before);
  });

  it('answers 503 while the bucket rejects requests', async () => {
    const id = await host.insertDeployment('success');
    await host.publish(id, SITE);
    server.denied.push({ method: 'GET', prefix: '' }, { method: 'HEAD', prefix: '' });
    expect((await host.request(id, '/')).status).toBe(503);
    server.denied.length = 0;
    expect((await host.request(id, '/')).status).toBe(200);
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
