import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Receiver } from '../../test/receiver.js';
import { octocat, TestSimulator } from '../../test/test-simulator.js';

const commitMutation = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid message } ref { name target { oid } } }
}`;

const refsMutation = `mutation ($input: UpdateRefsInput!) {
  updateRefs(input: $input) { clientMutationId }
}`;

describe('GraphQL', () => {
  let server: TestSimulator;

  beforeAll(async () => {
    server = await TestSimulator.start();
  });

  afterAll(() => server.stop());

  const ask = (query: string, variables: object = {}, authorization: string | undefined = octocat) =>
    server.send('POST', '/api/graphql', authorization, { query, variables });
  const head = async () => (await server.api('GET', '/repos/acme/docs/git/ref/heads/main')).body.object.sha;

  it('reads blobs, refs and limits against GitHub’s own schema', async () => {
    const query = `{ rateLimit { remaining } viewer { login } repository(owner: "acme", name: "docs") {
      databaseId defaultBranchRef { name target { oid } }
      refs(refPrefix: "refs/heads/", first: 5) { nodes { name } pageInfo { hasNextPage } }
      text: object(expression: "main:index.md") { ... on Blob { oid text isBinary isTruncated byteSize } }
      image: object(expression: "main:guides/images/shipment-flow.png") { ... on Blob { text isBinary } }
      none: object(oid: "1111111111111111111111111111111111111111") { oid }
    } }`;
    const { body } = await ask(query);
    expect(body).toMatchObject({
      data: {
        rateLimit: null,
        viewer: { login: 'octocat' },
        repository: {
          defaultBranchRef: { name: 'main', target: { oid: await head() } },
          refs: { nodes: [{ name: 'main' }], pageInfo: { hasNextPage: false } },
          text: { isBinary: false, isTruncated: false, text: expect.stringContaining('#') },
          image: { text: null, isBinary: true },
          none: null,
        },
      },
    });
  });

  it('commits files to a branch at the expected commit', async () => {
    const before = await head();
    const input = {
      branch: { repositoryNameWithOwner: 'acme/docs', branchName: 'main' },
      message: { headline: 'Edit', body: 'Together' },
      expectedHeadOid: before,
      fileChanges: {
        additions: [{ path: 'new/a.md', contents: Buffer.from('# A\n').toString('base64') }],
        deletions: [{ path: 'changelog.md' }],
      },
    };
    const made = await ask(commitMutation, { input });
    expect(made.body).toMatchObject({ data: { createCommitOnBranch: { commit: { message: 'Edit\n\nTogether' } } } });
    const clone = await server.clone('acme/docs');
    expect(await server.git(clone, 'show', '--format=%P', '--name-status', 'HEAD')).toBe(
      `${before}\n\nD\tchangelog.md\nA\tnew/a.md`,
    );
    const stale = await ask(commitMutation, { input });
    expect(stale).toMatchObject({
      status: 200,
      body: { errors: [{ type: 'STALE_DATA', path: ['createCommitOnBranch'] }] },
    });
  });

  describe('updateRefs', () => {
    const zero = '0'.repeat(40);
    const refs = async (...updates: { name: string; beforeOid?: string; afterOid: string; force?: boolean }[]) => {
      const repositoryId = (await server.api('GET', '/repos/acme/docs')).body.node_id;
      const refUpdates = updates.map(({ name, ...update }) => ({ name: `refs/heads/${name}`, ...update }));
      return (await ask(refsMutation, { input: { repositoryId, refUpdates, clientMutationId: 'm' } })).body;
    };
    const done = { data: { updateRefs: { clientMutationId: 'm' } } };
    const rejected = (message: RegExp) => ({
      data: { updateRefs: null },
      errors: [{ type: 'UNPROCESSABLE', path: ['updateRefs'], message: expect.stringMatching(message) }],
    });
    const at = async (branch: string) => {
      const { status, body } = await server.api('GET', `/repos/acme/docs/git/ref/heads/${branch}`);
      return status === 404 ? zero : body.object.sha;
    };
    const commitAfter = async (parent: string) => {
      const { tree } = (await server.api('GET', `/repos/acme/docs/git/commits/${parent}`)).body;
      const commit = { message: `After ${parent}`, tree: tree.sha, parents: [parent] };
      return (await server.api('POST', '/repos/acme/docs/git/commits', octocat, commit)).body.sha;
    };

    it('creates, moves and deletes refs at their expected commits', async () => {
      const [before, after] = [await head(), await commitAfter(await head())];
      expect(await refs({ name: 'a', beforeOid: zero, afterOid: before }, { name: 'b', afterOid: before })).toEqual(
        done,
      );
      expect(
        await refs({ name: 'a', beforeOid: before, afterOid: after }, { name: 'b', beforeOid: before, afterOid: zero }),
      ).toEqual(done);
      expect([await at('a'), await at('b')]).toEqual([after, zero]);
      expect(await refs({ name: 'a', beforeOid: after, afterOid: before })).toMatchObject(rejected(/fast forward/));
      expect(await refs({ name: 'a', beforeOid: after, afterOid: before, force: true })).toEqual(done);
      expect(await at('a')).toBe(before);
    });

    it('applies all updates or none', async () => {
      const [before, after] = [await head(), await commitAfter(await head())];
      await refs({ name: 'all', beforeOid: zero, afterOid: before });
      const moves = { name: 'all', beforeOid: before, afterOid: after };
      for (const [wrong, message] of [
        [{ name: 'main', beforeOid: after, afterOid: after }, /refs\/heads\/main is not at/],
        [{ name: 'main', beforeOid: zero, afterOid: after }, /is not at 0{40}/],
        [{ name: 'none', beforeOid: before, afterOid: after }, /refs\/heads\/none is not at/],
        [{ name: 'none', afterOid: zero }, /does not exist/],
        [{ name: 'none', afterOid: '1'.repeat(40) }, /Object does not exist/],
        [{ name: 'a..b', afterOid: after }, /not a valid ref name/],
      ] as const) {
        expect(await refs(moves, wrong)).toMatchObject(rejected(message));
      }
      expect([await at('all'), await head(), await at('none')]).toEqual([before, before, zero]);
    });

    it('sends events for refs that moved, and none for rejected updates', async () => {
      const receiver = await Receiver.start();
      const app = await server.createApp({ hook_attributes: { url: receiver.url } });
      await server.install(app.slug);
      await server.settle();
      receiver.clear();
      const before = await head();
      await refs({ name: 'moved', beforeOid: before, afterOid: before });
      await refs({ name: 'moved', beforeOid: zero, afterOid: before });
      await refs({ name: 'moved', beforeOid: before, afterOid: await commitAfter(before) });
      await server.settle();
      expect(receiver.names().sort()).toEqual(['create', 'push', 'push']);
      await receiver.stop();
    });

    it('respects branch protection and write permission', async () => {
      const [before, after] = [await head(), await commitAfter(await head())];
      const protection = { repository: 'acme/docs', branch: 'main' };
      await server.send('PUT', '/_simulator/protections', undefined, { ...protection, requiredApprovals: 1 });
      expect(await refs({ name: 'main', beforeOid: before, afterOid: after })).toMatchObject(rejected(/pull request/));
      expect(await refs({ name: 'main', beforeOid: before, afterOid: zero })).toMatchObject(rejected(/Cannot delete/));
      await server.send('DELETE', '/_simulator/protections', undefined, protection);
      const repositoryId = (await server.api('GET', '/repos/acme/docs')).body.node_id;
      const refUpdates = [{ name: 'refs/heads/main', afterOid: after }];
      const mallory = `Basic ${Buffer.from('mallory:mallory-password').toString('base64')}`;
      expect((await ask(refsMutation, { input: { repositoryId, refUpdates } }, mallory)).body).toMatchObject({
        errors: [{ type: 'FORBIDDEN' }],
      });
      expect((await ask(refsMutation, { input: { repositoryId: 'x', refUpdates } })).body).toMatchObject({
        errors: [{ type: 'NOT_FOUND' }],
      });
      expect(await head()).toBe(before);
    });
  });

  it('returns the errors of GitHub', async () => {
    const missing = await ask('{ repository(owner: "acme", name: "nope") { id } }');
    expect(missing.body).toMatchObject({ data: { repository: null }, errors: [{ type: 'NOT_FOUND' }] });
    await expect(
      server.send('POST', '/api/graphql', undefined, { query: '{ viewer { login } }' }),
    ).resolves.toMatchObject({ status: 401 });
    await server.control('/faults', { route: 'POST /api/graphql', kind: 'graphql-limit' });
    const limited = await ask('{ viewer { login } }');
    expect(limited).toMatchObject({ status: 200, body: { errors: [{ type: 'RATE_LIMITED' }] } });
  });
});
