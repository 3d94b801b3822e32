import { describe, expect, it } from '@jest/globals';
import type { Problem } from '@reunite/contracts';
import { VaultError } from '@reunite/vault-client';
import { PUBLIC_URL } from '../../../test/test-api.js';
import { seed } from '../../../test/seed.js';
import { useApi } from '../../../test/use-api.js';

describe('connecting a server', () => {
  const api = useApi();

  const input = (name: string, serverUrl = 'https://ghes.example.com') => ({ name, serverUrl, owner: 'acme' });
  const create = (body: unknown, headers = {}) => api.call('POST', '/v1/connections', { body, headers });
  const stateOf = (action: unknown) => new URL(action as string).searchParams.get('state') ?? '';
  const waiting = async (queue: string) => api.resources.producer.depth(queue);

  it('goes from the form over the server’s page to a connected provider', async () => {
    const answer = await create(input('Acme GitHub', 'https://GHES.example.com/'));
    expect(answer.status).toBe(201);
    const form = (await answer.json()) as Record<string, string>;
    expect(form['action']).toBe('https://ghes.example.com/organizations/acme/settings/apps/new?state=state-1');
    const id = form['connectionId']!;
    expect(JSON.parse(form['manifest']!)).toMatchObject({
      redirect_url: `${PUBLIC_URL}/callback/manifest`,
      hook_attributes: { url: `http://localhost:4310/webhooks/github/${id}` },
    });
    expect(await api.json('GET', `/v1/connections/${id}`)).toMatchObject({ status: 'pending', app: null });

    const before = await waiting('connections');
    const callback = await api.call('GET', '/callback/manifest?code=abc&state=state-1');
    expect([callback.status, callback.headers.get('location')]).toEqual([303, `/connections/${id}`]);
    const connection = await api.json('GET', `/v1/connections/${id}`);
    expect(connection).toMatchObject({
      name: 'Acme GitHub',
      serverUrl: 'https://ghes.example.com',
      status: 'connected',
      app: {
        id: 7,
        slug: 'reunite-acme',
        permissions: { contents: 'write' },
        events: ['create', 'delete', 'pull_request', 'push'],
        installUrl: 'https://ghes.example.com/github-apps/reunite-acme/installations/new',
      },
    });
    // The refresh and the self-test.
    expect(await waiting('connections')).toBe(before + 2);

    const again = await api.call('POST', `/v1/connections/${id}/manifest`);
    expect(again.status).toBe(409);
  });

  it('redirects to the console with the reason if the server’s callback is invalid', async () => {
    const unknown = await api.call('GET', '/callback/manifest?code=abc&state=unknown');
    const location = new URL(unknown.headers.get('location') ?? '', PUBLIC_URL);
    expect([location.pathname, location.searchParams.get('problem')]).toEqual([
      '/connections',
      'manifest-state-unknown',
    ]);
    for (const query of ['', '?code=&state=state-1', '?code=a%0Ab&state=state-1']) {
      const incomplete = await api.call('GET', `/callback/manifest${query}`);
      expect(incomplete.headers.get('location')).toContain('/connections?problem=invalid-input');
    }
  });

  it('sends a user who is not signed in to the sign-in, and back', async () => {
    const path = '/callback/manifest?code=abc&state=state-9';
    const answer = await api.call('GET', path, { as: null });
    const location = new URL(answer.headers.get('location') ?? '', PUBLIC_URL);
    expect([answer.status, location.pathname, location.searchParams.get('next')]).toEqual([303, '/sign-in', path]);
  });

  it.each([
    ['ftp://ghes.example.com', 'must start with https://'],
    ['ghes.example.com', 'must start with https://'],
    ['http://ghes.example.com', 'must start with https://'],
    ['https://ada:secret@ghes.example.com', 'must not contain a user name or password'],
    ['https://ghes.example.com/acme', 'must not have a path'],
    ['https://github.com', 'github.com is not a GitHub Enterprise Server'],
    ['https://acme.ghe.com', 'GitHub Enterprise Cloud'],
    ['https://', 'not a valid address'],
    ['', 'Enter the address of the server'],
  ])('rejects the server URL %s with a message that names a valid one', async (serverUrl, message) => {
    const answer = await create(input('Rejected', serverUrl));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
    ]);
    const problem = (await answer.json()) as Problem;
    expect(problem).toMatchObject({
      status: 400,
      code: 'invalid-input',
      title: 'Bad Request',
      type: expect.stringContaining('/docs/errors/invalid-input'),
    });
    expect(problem.violations).toEqual([{ path: 'serverUrl', message: expect.stringContaining(message) }]);
    expect(JSON.stringify(problem)).not.toContain('secret');
  });

  it('reports all invalid fields at once', async () => {
    const answer = await create({ name: '', serverUrl: 'https://ghes.example.com', owner: 'no such/login' });
    const { violations } = (await answer.json()) as Problem;
    expect(violations?.map(({ path }) => path)).toEqual(['name', 'owner']);
    expect((await create({ ...input('With\u0000nul') })).status).toBe(400);
  });

  it('requires a name that is unique in the organization', async () => {
    expect((await create(input('Twice'))).status).toBe(201);
    const second = await create(input('Twice'));
    expect([second.status, ((await second.json()) as Problem).code]).toEqual([409, 'conflict']);
    const other = await api.call('POST', '/v1/connections', { as: 'mallory', body: input('Twice') });
    expect(other.status).toBe(201);
  });

  it('stores nothing if the vault is unreachable', async () => {
    api.vault.nextFailure = new VaultError('The credential vault cannot be reached.', 'vault-unavailable');
    const failed = await create(input('Later'));
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, '5']);
    expect((await create(input('Later'))).status).toBe(201);
  });

  it('returns the first result for a repeated idempotency key, and 409 for another request with that key', async () => {
    const headers = { 'idempotency-key': 'key-1' };
    const twins = await Promise.all([create(input('Once'), headers), create(input('Once'), headers)]);
    // The second request returns the stored response, or an error while the first still runs. It never runs itself.
    expect(twins.map(({ status }) => status)).toContain(201);
    for (const { status } of twins) expect([201, 409]).toContain(status);
    const answers = await Promise.all([create(input('Once'), headers), create(input('Once'), headers)]);
    const forms = (await Promise.all(answers.map((answer) => answer.json()))) as Record<string, string>[];
    const same = ({ connectionId, manifest }: Record<string, string>) => ({ connectionId, manifest });
    expect(same(forms[0]!)).toEqual(same(forms[1]!));
    // Each repeated response has a valid state of its own. None is stored: an attacker could complete the setup with it.
    const states = forms.map(({ action }) => stateOf(action));
    expect(new Set(states).size).toBe(2);
    const stored: object[] = await api.resources.dataSource.query('SELECT response::text FROM idempotency_key');
    expect(JSON.stringify(stored)).not.toMatch(/state-\d/);
    expect((await create(input('Another'), headers)).status).toBe(409);
    const page = await api.json('GET', '/v1/connections?limit=100');
    const named = (page['items'] as { name: string }[]).filter(({ name }) => name === 'Once');
    expect(named).toHaveLength(1);
    const foreign = await api.call('POST', '/v1/connections', { as: 'mallory', body: input('Own'), headers });
    expect(foreign.status).toBe(201);
  });

  it('releases the idempotency key of a failed request', async () => {
    const headers = { 'idempotency-key': 'key-2' };
    api.vault.nextFailure = new VaultError('away', 'vault-unavailable');
    expect((await create(input('Retried'), headers)).status).toBe(503);
    expect((await create(input('Retried'), headers)).status).toBe(201);
  });

  it('renames a connection, unless the organization has one of the name', async () => {
    const { connectionId } = await seed(api.resources.dataSource, 'org_acme');
    const path = `/v1/connections/${connectionId}`;
    expect(await api.json('PATCH', path, { body: { name: ' Renamed ' } })).toMatchObject({ name: 'Renamed' });
    expect(await api.json('GET', path)).toMatchObject({ name: 'Renamed' });
    await api.call('POST', '/v1/connections', { body: input('Taken') });
    const taken = await api.call('PATCH', path, { body: { name: 'Taken' } });
    expect([taken.status, ((await taken.json()) as { detail: string }).detail]).toEqual([
      409,
      'Your organization already has a provider called "Taken".',
    ]);
    expect((await api.call('PATCH', path, { body: { name: '' } })).status).toBe(400);
  });

  it('deletes only if the name is typed: first the credentials, then the rows', async () => {
    const things = await seed(api.resources.dataSource, 'org_acme');
    const path = `/v1/connections/${things.connectionId}`;
    const { name } = await api.json('GET', path);
    expect((await api.json('DELETE', `${path}?name=wrong`))['violations']).toEqual([
      { path: 'name', message: expect.any(String) },
    ]);
    api.vault.nextFailure = new VaultError('away', 'vault-unavailable');
    const typed = `${path}?name=${encodeURIComponent(name as string)}`;
    expect((await api.call('DELETE', typed)).status).toBe(503);
    expect((await api.call('GET', path)).status).toBe(200);

    expect((await api.call('DELETE', typed)).status).toBe(204);
    expect(api.vault.deleted).toEqual([things.connectionId]);
    expect((await api.call('GET', path)).status).toBe(404);
    expect((await api.call('GET', `/v1/projects/${things.projectId}`)).status).toBe(404);
  });

  it('deletes a connection that the vault does not have', async () => {
    const { connectionId } = await api.json('POST', '/v1/connections', { body: input('Forgotten') });
    api.vault.nextFailure = new VaultError('There is no connection.', 'not-found');
    const deleted = await api.call('DELETE', `/v1/connections/${connectionId as string}?name=Forgotten`);
    expect(deleted.status).toBe(204);
  });

  it('returns the form again while the setup is pending', async () => {
    const first = await api.json('POST', '/v1/connections', { body: input('Slow') });
    const again = await api.json('POST', `/v1/connections/${first['connectionId'] as string}/manifest`);
    expect(again['manifest']).toBe(first['manifest']);
    expect(stateOf(again['action'])).not.toBe(stateOf(first['action']));
  });
});
