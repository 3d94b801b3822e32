import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { OpenAPIObject } from '@nestjs/swagger';
import { PUBLIC_URL } from '../../test/test-api.js';
import { useApi } from '../../test/use-api.js';

const PAGE = '<!doctype html><title>Console</title>';

describe('the HTTP server', () => {
  const api = useApi(async (folder) => {
    await mkdir(join(folder, 'console', 'assets'), { recursive: true });
    await writeFile(join(folder, 'console', 'index.html'), PAGE);
    await writeFile(join(folder, 'console', 'assets', 'index-abc.js'), 'export {};');
    await writeFile(join(folder, 'secret.txt'), 'secret');
    return { CONSOLE_DIR: join(folder, 'console'), MAX_BODY_BYTES: '2048', SIGN_IN_URL: 'https://reunite.example/in' };
  });

  const anonymous = { as: null };
  const project = { repositoryId: 'rep_x', name: 'X', productionBranch: 'main' };
  const signIn = async (user: string, origin = PUBLIC_URL) =>
    api.call('POST', '/auth/local/sign-in', { ...anonymous, body: { user }, headers: { origin } });
  const sessionOf = async (user: string) => (await signIn(user)).headers.getSetCookie()[0]?.split(';')[0] ?? '';

  describe('the local sign-in', () => {
    it('lists the users of the stack and sets a session cookie that scripts cannot read', async () => {
      const { users } = (await api.json('GET', '/auth/local/users', anonymous)) as { users: { id: string }[] };
      expect(users.map(({ id }) => id)).toEqual(['ada', 'grace', 'mallory']);
      const signedIn = await signIn('ada');
      expect(signedIn.status).toBe(204);
      const [cookie] = signedIn.headers.getSetCookie();
      expect(cookie).toMatch(/^session=[^;]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/);
      const headers = { cookie: await sessionOf('ada') };
      expect(await api.json('GET', '/v1/session', { ...anonymous, headers })).toEqual({
        subject: 'local|ada',
        name: 'Ada',
        organizationId: 'org_acme',
        organizationName: 'Acme Docs',
        roles: ['owner'],
      });
    });

    it('rejects unknown users and requests of other sites', async () => {
      expect((await signIn('eve')).status).toBe(404);
      expect((await signIn('ada', 'https://evil.example')).status).toBe(403);
    });

    it('returns the console where users sign in', async () => {
      expect(await api.json('GET', '/auth/sign-in', anonymous)).toEqual({ url: 'https://reunite.example/in' });
    });

    it('signs out', async () => {
      const [cookie] = (await api.call('POST', '/auth/sign-out', anonymous)).headers.getSetCookie();
      expect(cookie).toMatch(/^session=;.*(Max-Age=0|Expires=Thu, 01 Jan 1970)/);
    });

    it('publishes its public key, and stores the private key readable by its owner only', async () => {
      const { keys } = (await api.json('GET', '/auth/local/jwks.json', anonymous)) as { keys: object[] };
      expect(keys).toEqual([expect.objectContaining({ kty: 'EC', crv: 'P-256', alg: 'ES256' })]);
      expect(keys[0]).not.toHaveProperty('d');
      expect((await stat(join(api.folder, 'sign-in.json'))).mode & 0o777).toBe(0o600);
    });
  });

  describe('authorization', () => {
    it.each(['/v1/session', '/v1/connections', '/v1/projects', '/v1/events', '/v1/deployments/x'])(
      'requires authentication for %s',
      async (path) => {
        const answer = await api.call('GET', path, anonymous);
        expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
        const headers = { authorization: `Bearer ${api.tokenOf('ada').slice(0, -4)}AAAA` };
        expect((await api.call('GET', path, { ...anonymous, headers })).status).toBe(401);
      },
    );

    it.each([
      ['POST', '/v1/connections'],
      ['PATCH', '/v1/connections/con_x'],
      ['DELETE', '/v1/connections/con_x'],
      ['POST', '/v1/connections/con_x/manifest'],
      ['POST', '/v1/projects'],
      ['DELETE', '/v1/projects/prj_x'],
    ])('denies %s %s to the role write, and names the missing role', async (method, path) => {
      const problem = await api.json(method, path, { as: 'grace', ...(method === 'POST' && { body: {} }) });
      expect(problem).toMatchObject({
        status: 403,
        code: 'forbidden',
        detail: expect.stringContaining('yours: write'),
      });
    });

    it('accepts a write with a cookie only from pages of the console', async () => {
      const cookie = await sessionOf('ada');
      const post = async (headers: Record<string, string>) =>
        (await api.call('POST', '/v1/projects', { ...anonymous, body: project, headers })).status;
      expect(await post({ cookie })).toBe(403);
      expect(await post({ cookie, origin: 'https://evil.example' })).toBe(403);
      expect(await post({ cookie, origin: 'null' })).toBe(403);
      expect(await post({ cookie, origin: PUBLIC_URL })).toBe(404);
    });
  });

  describe('problems', () => {
    it('have the same shape for all errors', async () => {
      const cases: [Promise<Response>, number, string][] = [
        [api.call('GET', '/v1/nothing'), 404, 'not-found'],
        [api.call('PATCH', '/v1/projects'), 404, 'not-found'],
        [api.call('POST', '/v1/projects', { body: '{"name": ' }), 400, 'bad-request'],
        [api.call('POST', '/v1/projects', { body: '"text"' }), 400, 'invalid-input'],
        [api.call('POST', '/v1/projects', { body: { name: 'x'.repeat(3_000) } }), 413, 'body-too-large'],
        [api.call('GET', '/v1/projects/prj_%00'), 404, 'not-found'],
      ];
      for (const [call, status, code] of cases) {
        const answer = await call;
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        expect(await answer.json()).toMatchObject({
          status,
          code,
          type: `${PUBLIC_URL}/docs/errors/${code}`,
          title: expect.any(String),
        });
      }
    });

    it('contain no internals for unexpected errors', async () => {
      const { dataSource } = api.resources;
      await dataSource.query('ALTER TABLE project RENAME TO project_away');
      const text = await (await api.call('GET', '/v1/projects')).text();
      await dataSource.query('ALTER TABLE project_away RENAME TO project');
      expect(JSON.parse(text)).toMatchObject({ status: 500, code: 'internal' });
      expect(text).not.toMatch(/relation|SELECT/);
    });
  });

  describe('the console', () => {
    const html = { accept: 'text/html,application/xhtml+xml' };

    it.each(['/', '/projects', '/connections/con_x?problem=x', '/sign-in'])('is served at %s', async (path) => {
      const answer = await api.call('GET', path, { ...anonymous, headers: html });
      expect([answer.status, await answer.text()]).toEqual([200, PAGE]);
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    });

    it('has a strict content security policy', async () => {
      const { headers } = await api.call('GET', '/', { ...anonymous, headers: html });
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    });

    it('has immutable files, and a page that browsers revalidate each time', async () => {
      const file = await api.call('GET', '/assets/index-abc.js', anonymous);
      expect(file.headers.get('content-type')).toMatch(/^(text|application)\/javascript; charset=utf-8$/i);
      expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      const etag = (await api.call('GET', '/', { ...anonymous, headers: html })).headers.get('etag') ?? '';
      // Like a browser; by default, Node's fetch sends no-cache, which asks for the whole file.
      const revalidation = { ...html, 'if-none-match': etag, 'cache-control': 'max-age=0' };
      const again = await api.call('GET', '/', { ...anonymous, headers: revalidation });
      expect(again.status).toBe(304);
    });

    it.each(['/v1/nothing', '/auth/nothing', '/callback/nothing'])('is not served at %s', async (path) => {
      expect((await api.call('GET', path, { ...anonymous, headers: html })).status).toBe(404);
    });

    it('is not served for a missing file', async () => {
      expect((await api.call('GET', '/assets/gone.js', anonymous)).status).toBe(404);
    });

    it.each(['/..%2fsecret.txt', '/%2e%2e%2fsecret.txt', '/assets/..%2f..%2fsecret.txt', '/..%5csecret.txt', '/%00'])(
      'attack: %s reaches no file outside of the console',
      async (path) => {
        const answer = await api.call('GET', path, anonymous);
        expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('not-found')]);
      },
    );
  });

  it('describes itself in OpenAPI 3.1, every reference resolved', async () => {
    const document = (await api.json('GET', '/openapi.json', anonymous)) as unknown as OpenAPIObject;
    expect(document.openapi).toBe('3.1.0');
    const names = Object.keys(document.components?.schemas ?? {});
    expect(names).toEqual(expect.arrayContaining(['Connection', 'CreateConnection', 'Project', 'Problem', 'Content']));
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
    for (const [, name] of references) expect(names).toContain(name);
    const operation = document.paths['/v1/connections']?.post;
    expect(operation?.requestBody).toMatchObject({
      content: { 'application/json': { schema: { $ref: '#/components/schemas/CreateConnection' } } },
    });
    expect(Object.keys(operation?.responses ?? {})).toEqual(expect.arrayContaining(['201', 'default']));
    const query = document.paths['/v1/projects']?.get?.parameters?.map((p) => 'name' in p && p.name);
    expect(query).toEqual(['limit', 'after', 'before']);
  });

  it('serves the page that the type of a problem leads to, and the reference', async () => {
    const { type } = await api.json('GET', '/v1/nothing');
    const page = await api.call('GET', new URL(type as string).pathname, anonymous);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; img-src 'self' data:;/);
    const etag = page.headers.get('etag') ?? '';
    const cached = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
    expect((await api.call('GET', '/docs/errors/not-found/', { ...anonymous, headers: cached })).status).toBe(304);
    expect(await (await api.call('GET', '/docs/reference/', anonymous)).text()).toContain('List projects');
    expect((await api.call('GET', '/docs/errors/unknown', anonymous)).status).toBe(404);
  });

  it('answers with the id of the request, which a caller may choose', async () => {
    const own = await api.call('GET', '/v1/session', { headers: { 'x-request-id': 'job-7' } });
    expect(own.headers.get('x-request-id')).toBe('job-7');
    const forged = await api.call('GET', '/v1/nothing', { headers: { 'x-request-id': 'a b' } });
    expect(forged.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('reports its health without a token', async () => {
    for (const path of ['/healthz', '/readyz']) {
      expect((await api.call('GET', path, anonymous)).status).toBe(200);
    }
  });
});
