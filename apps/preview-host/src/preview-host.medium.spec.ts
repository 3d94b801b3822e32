import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@reunite/contracts';
import type { DeploymentState } from '@reunite/contracts';
import { bridgeMigrations, createDataSource, migrate } from '@reunite/database';
import { DeploymentEntity, previewHostLabel, ProjectEntity } from '@reunite/deployments';
import { createLogger } from '@reunite/platform';
import type { RunningService } from '@reunite/platform';
import { startPostgres } from '@reunite/testing';
import type { RunningPostgres } from '@reunite/testing';
import type { DataSource } from 'typeorm';
import { startPreviewHost } from './start-preview-host.js';

interface TestResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe('the preview host', () => {
  let postgres: RunningPostgres;
  let dataSource: DataSource;
  let service: RunningService;
  let folder: string;
  const projectId = newId('project');
  const ready = newId('deployment');
  let generation = 0;

  const insertDeployment = async (id: string, state: DeploymentState, current = false) => {
    const built = { commit: 'c'.repeat(40), tree: 't'.repeat(40), generation: ++generation };
    const of = { projectId, environment: 'production' as const, refName: 'refs/heads/main' };
    await dataSource.manager.insert(DeploymentEntity, { id, state, current, ...of, ...built });
    return id;
  };

  /** Sends the path as given: `fetch` would normalize `..` and `//`. */
  const request = (id: string, path: string, options: { method?: string; headers?: Record<string, string> } = {}) =>
    new Promise<TestResponse>((resolve, reject) => {
      const host = id.includes('_') ? `${previewHostLabel(id)}.preview.localhost:4400` : id;
      const headers = { ...options.headers, host };
      const { method = 'GET' } = options;
      httpRequest({ host: '127.0.0.1', port: service.port, path, method, headers, agent: false }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      })
        .on('error', reject)
        .end();
    });

  beforeAll(async () => {
    postgres = await startPostgres();
    const url = postgres.url('reunite_bridge');
    await migrate({ url, schema: 'bridge', entities: [], migrations: bridgeMigrations });
    const entities = [DeploymentEntity, ProjectEntity];
    dataSource = await createDataSource({ url, schema: 'bridge', entities }).initialize();
    await dataSource.query(`INSERT INTO connection (id, organization_id, name, origin, owner, status, created_by)
      VALUES ('con', 'org', 'C', 'https://x.example', 'acme', 'connected', 'me')`);
    await dataSource.query(`INSERT INTO repository (id, connection_id, installation_id, github_id, owner, name,
      default_branch, private) VALUES ('rep', 'con', 1, 1, 'acme', 'docs', 'main', false)`);
    const project = { id: projectId, organizationId: 'org', repositoryId: 'rep', name: 'Docs', rootFolder: '' };
    const policy = { branchPreviews: { mode: 'none' as const }, pullRequestPreviews: true, forkPreviews: false };
    await dataSource.manager.insert(ProjectEntity, { ...project, productionBranch: 'main', ...policy });

    folder = await mkdtemp(join(tmpdir(), 'reunite-previews-'));
    const site = join(folder, ready);
    await mkdir(join(site, 'guides', 'größe'), { recursive: true });
    await writeFile(join(folder, 'secret.txt'), 'outside of the site');
    await writeFile(join(site, 'index.html'), '<h1>Home</h1>');
    await writeFile(join(site, '404.html'), '<h1>Not here</h1>');
    await writeFile(join(site, 'guides', 'index.html'), '<h1>Guides</h1>');
    await writeFile(join(site, 'guides', 'größe', 'index.html'), '<h1>Größe</h1>');
    await writeFile(join(site, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
    await writeFile(join(site, 'empty.css'), '');
    await writeFile(join(site, 'film.mp4'), '0123456789');
    await symlink(join(folder, 'secret.txt'), join(site, 'link.txt'));
    await symlink(folder, join(site, 'up'));
    await insertDeployment(ready, 'success');

    const environment = { LOG_LEVEL: 'fatal' as const, LISTEN_HOST: '127.0.0.1', PORT: 0, DATABASE_URL: url };
    const addresses = { PREVIEW_URL_TEMPLATE: 'http://{host}.preview.localhost:4400/' };
    const config = { ...environment, ...addresses, ARTIFACTS_URL: pathToFileURL(folder).href };
    service = await startPreviewHost(config, createLogger('preview-host', 'fatal'));
  });

  afterAll(async () => {
    await service.close();
    await dataSource.destroy();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

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
    const response = await request(await insertDeployment(newId('deployment'), state), '/');
    expect(response.status).toBe(status);
    expect(response.body).toContain(text);
  });

  it.each([newId('deployment'), newId('project'), 'www.preview.localhost', 'localhost:4400'])(
    'answers 404 to an unknown host: %s',
    async (host) => {
      const response = await request(host, '/');
      expect(response.status).toBe(404);
      expect(response.body).toContain('Preview not found');
    },
  );

  it('serves the production of a project from its first deployment on', async () => {
    expect((await request(projectId, '/')).body).toContain('Nothing deployed yet');
    await dataSource.manager.update(DeploymentEntity, { id: ready }, { current: true });
    const { body, headers } = await request(projectId, '/');
    expect(body).toBe('<h1>Home</h1>');
    expect(headers['x-robots-tag']).toBeUndefined();
  });

  it('serves a site as soon as its deployment has succeeded', async () => {
    const id = await insertDeployment(newId('deployment'), 'in_progress');
    await cp(join(folder, ready), join(folder, id), { recursive: true });
    expect((await request(id, '/')).status).toBe(503);
    await dataSource.manager.update(DeploymentEntity, { id }, { state: 'success' });
    expect((await request(id, '/')).body).toBe('<h1>Home</h1>');
  });

  it('serves health on hosts that are not previews', async () => {
    expect((await request('localhost:4400', '/readyz')).status).toBe(200);
    expect((await request(ready, '/healthz')).body).toBe('<h1>Not here</h1>');
  });
});
