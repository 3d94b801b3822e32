import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { json, TestServers } from '../../test/test-servers.js';
import type { LocalServer } from '../../test/test-servers.js';
import type { GhesClient } from '../client.js';
import { GhesNotFoundError } from '../errors/index.js';
import { createRef, getRef, listPullRequests } from './index.js';

const ref = { ref: 'refs/heads/main', object: { type: 'commit', sha: 'a'.repeat(40) } };

describe('a client that is bound to repository 7', () => {
  const servers = new TestServers();
  let server: LocalServer;
  let client: GhesClient;
  /** Bodies by method and path; anything else is answered 404. */
  let answers: Record<string, unknown>;
  const name = { owner: 'acme', repo: 'docs' };
  const boundClient = () => servers.client(server.origin, { repository: { id: 7, ...name } });
  const requests = () => server.requests.map(({ method, url }) => `${method} ${url.replace('/api/v3', '')}`);

  beforeEach(async () => {
    answers = {};
    server = await servers.serve(({ method, url }, response) => {
      const body = answers[`${method} ${url.replace('/api/v3', '')}`];
      json(response, body ?? { message: 'Not Found' }, body === undefined ? 404 : 200);
    });
    client = boundClient();
  });
  afterEach(() => servers.close());

  it('reads and writes under the id, so that a reused name cannot lead elsewhere', async () => {
    answers = { 'GET /repositories/7/git/ref/heads%2Fmain': ref, 'POST /repositories/7/git/refs': ref };
    await getRef(client, { ...name, ref: 'heads/main' });
    await createRef(client, { ...name, ref: 'heads/topic', sha: 'a'.repeat(40) });
    expect(requests()).toEqual(['GET /repositories/7/git/ref/heads%2Fmain', 'POST /repositories/7/git/refs']);
    expect(JSON.parse(server.requests[1]?.body ?? '')).toEqual({ ref: 'refs/heads/topic', sha: 'a'.repeat(40) });
  });

  it('accepts a 404 under the id if the server supports ids', async () => {
    answers = { 'GET /repositories/7': { id: 7 }, 'POST /repos/acme/docs/git/refs': ref };
    const write = createRef(client, { ...name, ref: 'heads/topic', sha: 'a'.repeat(40) });
    await expect(write).rejects.toThrow(GhesNotFoundError);
    expect(requests()).not.toContain('POST /repos/acme/docs/git/refs');
  });

  it('compares the id of the name before each request if the server lacks the route', async () => {
    answers = { 'GET /repos/acme/docs': { id: 7 }, 'POST /repos/acme/docs/git/refs': ref };
    await createRef(client, { ...name, ref: 'heads/topic', sha: 'a'.repeat(40) });
    expect(client.repositoryAddressing()).toBe('by-name');
    answers['GET /repos/acme/docs'] = { id: 8 };
    const write = createRef(client, { ...name, ref: 'heads/other', sha: 'a'.repeat(40) });
    await expect(write).rejects.toThrow('acme/docs is another repository now (id 8, not 7)');
    expect(requests().filter((request) => request === 'POST /repos/acme/docs/git/refs')).toHaveLength(1);
  });

  it('does not follow the name to another repository after its own was deleted', async () => {
    answers = { 'GET /repos/acme/docs': { id: 8 }, 'POST /repos/acme/docs/git/refs': ref };
    const write = createRef(client, { ...name, ref: 'heads/topic', sha: 'a'.repeat(40) });
    await expect(write).rejects.toThrow(GhesNotFoundError);
    expect(requests()).not.toContain('POST /repos/acme/docs/git/refs');
  });

  it('follows links to further pages under the id', async () => {
    server = await servers.serve(({ url }, response) => {
      const isFirst = !url.includes('page=2');
      const link = `<${server.origin}/api/v3/repos/acme/docs/pulls?page=2>; rel="next"`;
      json(response, [], 200, isFirst ? { link } : {});
    });
    for await (const pull of listPullRequests(boundClient(), { ...name, state: 'open' })) expect(pull).toBeUndefined();
    expect(requests().at(-1)).toBe('GET /repositories/7/pulls?page=2');
  });
});
