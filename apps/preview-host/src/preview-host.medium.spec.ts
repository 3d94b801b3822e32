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

interface Answer {
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

  /** As a browser would, but for paths that a browser or fetch would tidy up first. */
  const ask = (id: string, path: string, options: { method?: string; headers?: Record<string, string> } = {}) =>
    new Promise<Answer>((resolve, reject) => {
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
    await writeFile(join(folder, 'secret.txt'), 'not for you');
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

  it('serves a page, boxed in, and not for search engines', async () => {
    const { status, headers, body } = await ask(ready, '/');
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

  it('leads to a folder’s page, with the query', async () => {
    const { status, headers } = await ask(ready, '/guides?q=1');
    expect([status, headers.location]).toEqual([302, '/guides/?q=1']);
    expect((await ask(ready, '/guides/')).body).toBe('<h1>Guides</h1>');
    expect((await ask(ready, '/guides/gr%C3%B6%C3%9Fe/')).body).toBe('<h1>Größe</h1>');
  });

  it('answers again with 304, HEAD without a body, an empty file empty, and nothing to other methods', async () => {
    const { headers } = await ask(ready, '/');
    const again = await ask(ready, '/', { headers: { 'if-none-match': headers.etag ?? '' } });
    expect([again.status, again.body]).toEqual([304, '']);
    const head = await ask(ready, '/', { method: 'HEAD' });
    expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '13']);
    expect((await ask(ready, '/empty.css')).body).toBe('');
    expect((await ask(ready, '/', { method: 'POST' })).status).toBe(405);
  });

  it('serves a part of a file, boxed in as all of it, so that films play in Safari', async () => {
    const part = (range: string, headers = {}) => ask(ready, '/film.mp4', { headers: { range, ...headers } });
    const whole = await ask(ready, '/film.mp4');
    expect([whole.status, whole.headers['accept-ranges']]).toEqual([200, 'bytes']);
    const first = await part('bytes=0-1');
    expect([first.status, first.body, first.headers['content-range']]).toEqual([206, '01', 'bytes 0-1/10']);
    expect(first.headers).toEqual({
      ...{ ...whole.headers, date: expect.anything() },
      ...{ 'content-length': '2', 'content-range': 'bytes 0-1/10' },
    });
    expect((await part('bytes=-3')).body).toBe('789');
    const beyond = await part('bytes=10-');
    expect([beyond.status, beyond.body, beyond.headers['content-range']]).toEqual([416, '', 'bytes */10']);
    expect(beyond.headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
  });

  it('serves a part only of the version that the reader has, and none of what is not there', async () => {
    const { etag = '' } = (await ask(ready, '/film.mp4')).headers;
    const part = (path: string, headers: Record<string, string>) =>
      ask(ready, path, { headers: { range: 'bytes=1-1', ...headers } });
    expect(await part('/film.mp4', { 'if-range': etag })).toMatchObject({ status: 206, body: '1' });
    expect(await part('/film.mp4', { 'if-range': '"older"' })).toMatchObject({ status: 200, body: '0123456789' });
    expect((await part('/film.mp4', { 'if-none-match': etag })).status).toBe(304);
    expect(await part('/nowhere', {})).toMatchObject({ status: 404, body: '<h1>Not here</h1>' });
    expect((await part('/empty.css', {})).status).toBe(416);
    const head = await ask(ready, '/film.mp4', { method: 'HEAD', headers: { range: 'bytes=1-1' } });
    expect([head.status, head.headers['content-length']]).toEqual([200, '10']);
    for (const path of ['/../secret.txt', '/link.txt']) expect((await part(path, {})).status).toBe(404);
  });

  it('shows the site’s own page where there is none, also to a second asking', async () => {
    for (const path of ['/nowhere', '/nowhere/', '/index.html/']) {
      const { status, headers, body } = await ask(ready, path);
      expect([status, body]).toEqual([404, '<h1>Not here</h1>']);
      expect((await ask(ready, path, { headers: { 'if-none-match': headers.etag ?? '' } })).status).toBe(404);
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
  ])('never leaves the folder of the deployment: %s', async (path) => {
    const { status, body } = await ask(ready, path);
    expect([status, body]).toEqual([404, '<h1>Not here</h1>']);
  });

  it('refuses what is no path', async () => {
    expect((await ask(ready, '/%zz')).status).toBe(400);
  });

  it('puts an SVG in a sandbox', async () => {
    const { headers } = await ask(ready, '/logo.svg');
    expect(headers['content-type']).toBe('image/svg+xml');
    expect(headers['content-security-policy']).toMatch(/; sandbox$/);
  });

  it.each([
    ['queued', 503, 'Being built'],
    ['in_progress', 503, 'Being built'],
    ['failed', 404, 'The build failed'],
    ['skipped', 404, 'Not built'],
    ['removed', 410, 'Preview removed'],
  ] as const)('says so where a deployment is %s', async (state, status, text) => {
    const answer = await ask(await insertDeployment(newId('deployment'), state), '/');
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(text);
  });

  it.each([newId('deployment'), newId('project'), 'www.preview.localhost', 'localhost:4400'])(
    'says that nothing is there: %s',
    async (host) => {
      const answer = await ask(host, '/');
      expect(answer.status).toBe(404);
      expect(answer.body).toContain('No such preview');
    },
  );

  it('shows the production of a project from its first deployment on', async () => {
    expect((await ask(projectId, '/')).body).toContain('Nothing deployed yet');
    await dataSource.manager.update(DeploymentEntity, { id: ready }, { current: true });
    const { body, headers } = await ask(projectId, '/');
    expect(body).toBe('<h1>Home</h1>');
    expect(headers['x-robots-tag']).toBeUndefined();
  });

  it('shows a site from the moment that it is there', async () => {
    const id = await insertDeployment(newId('deployment'), 'in_progress');
    await cp(join(folder, ready), join(folder, id), { recursive: true });
    expect((await ask(id, '/')).status).toBe(503);
    await dataSource.manager.update(DeploymentEntity, { id }, { state: 'success' });
    expect((await ask(id, '/')).body).toBe('<h1>Home</h1>');
  });

  it('tells its health at an address that is no preview’s', async () => {
    expect((await ask('localhost:4400', '/readyz')).status).toBe(200);
    expect((await ask(ready, '/healthz')).body).toBe('<h1>Not here</h1>');
  });
});
