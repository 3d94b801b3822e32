import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { octocat, SimulatorUnderTest } from '../../test/simulator-under-test.js';

const commitMutation = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid message } ref { name target { oid } } }
}`;

describe('GraphQL', () => {
  let sut: SimulatorUnderTest;

  beforeAll(async () => {
    sut = await SimulatorUnderTest.start();
  });

  afterAll(() => sut.stop());

  const ask = (query: string, variables: object = {}, authorization: string | undefined = octocat) =>
    sut.send('POST', '/api/graphql', authorization, { query, variables });
  const head = async () => (await sut.api('GET', '/repos/acme/docs/git/ref/heads/main')).body.object.sha;

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

  it('commits files to a branch that is where the caller thinks', async () => {
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
    const clone = await sut.clone('acme/docs');
    expect(await sut.git(clone, 'show', '--format=%P', '--name-status', 'HEAD')).toBe(
      `${before}\n\nD\tchangelog.md\nA\tnew/a.md`,
    );
    const stale = await ask(commitMutation, { input });
    expect(stale).toMatchObject({
      status: 200,
      body: { errors: [{ type: 'STALE_DATA', path: ['createCommitOnBranch'] }] },
    });
  });

  it('refuses as GitHub does', async () => {
    const missing = await ask('{ repository(owner: "acme", name: "nope") { id } }');
    expect(missing.body).toMatchObject({ data: { repository: null }, errors: [{ type: 'NOT_FOUND' }] });
    await expect(sut.send('POST', '/api/graphql', undefined, { query: '{ viewer { login } }' })).resolves.toMatchObject(
      { status: 401 },
    );
    await sut.control('/faults', { route: 'POST /api/graphql', kind: 'graphql-limit' });
    const limited = await ask('{ viewer { login } }');
    expect(limited).toMatchObject({ status: 200, body: { errors: [{ type: 'RATE_LIMITED' }] } });
  });
});
