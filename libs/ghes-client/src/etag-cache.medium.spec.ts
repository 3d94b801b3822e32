import { afterEach, describe, expect, it } from '@jest/globals';
import { json } from '../test/local-server.js';
import { TestBed } from '../test/test-bed.js';
import { EtagCache } from './etag-cache.js';
import { createBlob, getMeta, getUser, listBranches } from './operations/index.js';

const bed = new TestBed();

afterEach(() => bed.close());

const meta = { verifiable_password_authentication: true };
const as = (value: string) => ({ auth: { type: 'installation', token: () => Promise.resolve(value) } }) as const;

describe('EtagCache', () => {
  it('gives the kept answer for 304, next page and all', async () => {
    const branch = (name: string): object => ({ name, commit: { sha: 'c' }, protected: false });
    const { origin, seen } = await bed.serve(({ url, headers }, response) => {
      const second = url.includes('page=2');
      const etag = `"${second ? 'two' : 'one'}"`;
      if (headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
      else {
        const link = second ? {} : { link: `<http://${headers.host}/api/v3/repos/a/b/branches?page=2>; rel="next"` };
        json(response, [branch(second ? 'b' : 'a')], 200, { etag, ...link });
      }
    });
    const client = bed.client(origin, { etagCache: new EtagCache() });
    for (let round = 0; round < 2; round += 1) {
      const names: string[] = [];
      for await (const { name } of listBranches(client, { owner: 'a', repo: 'b' })) names.push(name);
      expect(names).toEqual(['a', 'b']);
    }
    expect(seen.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined, '"one"', '"two"']);
  });

  it('takes a new answer over the kept one', async () => {
    const answers = ['3.17.0', '3.18.0'];
    const { origin, seen } = await bed.serve((_, response) => {
      const installed_version = answers.shift() ?? '3.19.0';
      json(response, { ...meta, installed_version }, 200, { etag: `"${installed_version}"` });
    });
    const client = bed.client(origin, { etagCache: new EtagCache() });
    expect((await getMeta(client)).installed_version).toBe('3.17.0');
    expect((await getMeta(client)).installed_version).toBe('3.18.0');
    await getMeta(client);
    expect(seen[2]?.headers['if-none-match']).toBe('"3.18.0"');
  });

  it('keeps nothing for another token, another server, or a write', async () => {
    const answer = { ...meta, sha: 's' };
    const one = await bed.serve((_, response) => json(response, answer, 200, { etag: '"x"' }));
    const two = await bed.serve((_, response) => json(response, answer, 200, { etag: '"x"' }));
    const etagCache = new EtagCache();
    await getMeta(bed.client(one.origin, { etagCache, ...as('A') }));
    await getMeta(bed.client(one.origin, { etagCache, ...as('B') }));
    await getMeta(bed.client(two.origin, { etagCache, ...as('A') }));
    const blob = { owner: 'a', repo: 'b', content: Buffer.from('x') };
    await createBlob(bed.client(one.origin, { etagCache, ...as('A') }), blob);
    await createBlob(bed.client(one.origin, { etagCache, ...as('A') }), blob);
    const conditions = [...one.seen, ...two.seen].map(({ headers }) => headers['if-none-match']);
    expect(conditions).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('keeps only so many, the latest used, and no long ones', async () => {
    const { origin, seen } = await bed.serve(({ url }, response) => {
      const login = url.split('/').at(-1) ?? '';
      const name = login === 'long' ? 'x'.repeat(1000) : '';
      json(response, { id: 1, login, type: 'User', name, html_url: 'u' }, 200, { etag: `"${login}"` });
    });
    const client = bed.client(origin, { etagCache: new EtagCache({ maxEntries: 2, maxBodyBytes: 500 }) });
    for (const username of ['a', 'b', 'a', 'c', 'a', 'b', 'long', 'long']) await getUser(client, { username });
    const conditions = seen.map(({ headers }) => headers['if-none-match']);
    expect(conditions).toEqual([undefined, undefined, '"a"', undefined, '"a"', undefined, undefined, undefined]);
  });
});
