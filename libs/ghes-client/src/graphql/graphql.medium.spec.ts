import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { json, rejection, TestServers } from '../../test/test-servers.js';
import type { GhesClient } from '../client.js';
import type { GhesError } from '../errors/index.js';
import { GhesConflictError, GhesMalformedResponseError, GhesUnsupportedVersionError } from '../errors/index.js';
import { createCommitOnBranch, getRef, moveRef } from '../operations/index.js';

const servers = new TestServers();

afterEach(() => servers.close());

const docs = { owner: 'acme', repo: 'docs' };
const schema = z.looseObject({ a: z.number() });

async function answering(
  ...bodies: unknown[]
): Promise<{ client: GhesClient; requests: { url: string; body: string }[] }> {
  const { origin, requests } = await servers.serve((_, response) =>
    json(response, bodies.length > 1 ? bodies.shift() : bodies[0]),
  );
  return { client: servers.client(origin), requests };
}

describe('graphql', () => {
  it('posts to /api/graphql beside the REST API', async () => {
    const { client, requests } = await answering({ data: { a: 1 } });
    expect(await client.graphql('query($x: Int) { a }', { x: 1 }, schema)).toEqual({ a: 1 });
    expect(requests[0]).toMatchObject({
      method: 'POST',
      url: '/api/graphql',
      headers: { authorization: 'Bearer SECRET' },
    });
    expect(JSON.parse(requests[0]!.body)).toEqual({ query: 'query($x: Int) { a }', variables: { x: 1 } });
  });

  it.each([
    ['NOT_FOUND', 'ghes-not-found'],
    ['FORBIDDEN', 'ghes-forbidden'],
    ['INSUFFICIENT_SCOPES', 'ghes-forbidden'],
    ['UNAUTHENTICATED', 'ghes-unauthorized'],
    ['STALE_DATA', 'ghes-conflict'],
    ['INTERNAL', 'ghes-server-error'],
    ['RATE_LIMITED', 'ghes-rate-limited'],
    ['UNPROCESSABLE', 'ghes-validation'],
    [undefined, 'ghes-validation'],
  ])('maps an error of type %s with status 200 to %s', async (type, code) => {
    const { client } = await answering({ data: null, errors: [{ type, message: 'no' }] });
    expect(await rejection(client.graphql('{ a }', {}, schema))).toMatchObject({ code, status: 200 });
  });

  it('retries a query after a failure of the server, but not a mutation', async () => {
    const failed = { errors: [{ message: 'Something went wrong while executing your query.' }] };
    const { client, requests } = await answering(failed, failed, { data: { a: 1 } });
    expect(await client.graphql('{ a }', {}, schema)).toEqual({ a: 1 });
    const mutation = await answering(failed);
    await expect(mutation.client.graphql('mutation { a }', {}, schema)).rejects.toMatchObject({ retryable: true });
    expect([requests.length, mutation.requests.length]).toEqual([3, 1]);
  });

  it('returns data beside errors only with the option partial', async () => {
    const { client } = await answering({ data: { a: 1 }, errors: [{ type: 'NOT_FOUND', message: 'no' }] });
    await expect(client.graphql('{ a }', {}, schema)).rejects.toMatchObject({ code: 'ghes-not-found' });
    const errors: GhesError[] = [];
    expect(await client.graphql('{ a }', {}, schema, { partial: (all) => errors.push(...all) })).toEqual({ a: 1 });
    expect(errors.map(({ code }) => code)).toEqual(['ghes-not-found']);
  });

  it.each([
    ['nothing', {}],
    ['null', { data: null }],
    ['another shape', { data: { a: 'x' } }],
    ['a list', []],
  ])('rejects %s as a response', async (_, body) => {
    const { client } = await answering(body);
    await expect(client.graphql('{ a }', {}, schema)).rejects.toThrow(GhesMalformedResponseError);
  });
});

describe('createCommitOnBranch', () => {
  const commit = {
    ...docs,
    branch: 'main',
    expectedHeadOid: 'a'.repeat(40),
    headline: 'Edit',
    additions: [{ path: 'a.md', contents: Buffer.from('x') }],
    deletions: ['b.md'],
  };

  it('writes files if the branch has the expected head', async () => {
    const made = { oid: 'c'.repeat(40), url: 'https://h/c' };
    const { client, requests } = await answering({ data: { createCommitOnBranch: { commit: made } } });
    expect(await createCommitOnBranch(client, commit)).toEqual(made);
    expect(JSON.parse(requests[0]!.body)).toMatchObject({
      variables: {
        input: {
          branch: { repositoryNameWithOwner: 'acme/docs', branchName: 'main' },
          expectedHeadOid: 'a'.repeat(40),
          message: { headline: 'Edit' },
          fileChanges: { additions: [{ path: 'a.md', contents: 'eA==' }], deletions: [{ path: 'b.md' }] },
        },
      },
    });
  });

  it('throws a conflict if the branch has moved', async () => {
    const message = 'Expected branch to point to "a" but it did not. Pull and try again.';
    const { client } = await answering({
      data: { createCommitOnBranch: null },
      errors: [{ type: 'STALE_DATA', path: ['createCommitOnBranch'], message }],
    });
    await expect(createCommitOnBranch(client, commit)).rejects.toThrow(GhesConflictError);
  });
});

describe('moveRef', () => {
  const [from, to, elsewhere] = ['a', 'b', 'c'].map((digit) => digit.repeat(40)) as [string, string, string];
  const move = { ...docs, repositoryNodeId: 'R_1', ref: 'heads/main', from, to };
  const rejected = {
    data: { updateRefs: null },
    errors: [{ type: 'UNPROCESSABLE', message: 'Reference update failed' }],
  };
  const moved = { data: { updateRefs: { clientMutationId: null } } };

  /** Starts a server with this response to the mutation. Afterwards the ref points to `at`, or is deleted if null. */
  async function serving(mutation: unknown, at: string | null, version = '3.14.0') {
    const { origin, requests } = await servers.serve(({ url }, response) => {
      const headers = { 'x-github-enterprise-version': version };
      if (url === '/api/graphql') json(response, mutation, 200, headers);
      else if (at === null) json(response, { message: 'Not Found' }, 404, headers);
      else json(response, { ref: 'refs/heads/main', object: { type: 'commit', sha: at } }, 200, headers);
    });
    return { client: servers.client(origin), requests };
  }

  it('moves a ref if it has the expected target', async () => {
    const { client, requests } = await serving(moved, to);
    await moveRef(client, move);
    expect(requests).toHaveLength(1);
    const refUpdates = [{ name: 'refs/heads/main', beforeOid: from, afterOid: to, force: false }];
    expect(JSON.parse(requests[0]!.body)).toMatchObject({ variables: { input: { repositoryId: 'R_1', refUpdates } } });
  });

  it.each([
    ['moved', elsewhere, 'ghes-conflict'],
    ['was deleted', null, 'ghes-conflict'],
    ['stayed', from, 'ghes-validation'],
  ])('reads the ref after a rejection, to find that it %s', async (_, at, code) => {
    const { client } = await serving(rejected, at);
    expect(await rejection(moveRef(client, move))).toMatchObject({ code });
  });

  it.each([
    ['a failure', { errors: [{ message: 'Something went wrong while executing your query.' }] }],
    ['a rejection', rejected],
    ['no result', { data: { updateRefs: null } }],
  ])('succeeds if the ref has the new target although the response was %s', async (_, answer) => {
    const { client } = await serving(answer, to);
    await expect(moveRef(client, move)).resolves.toBeUndefined();
  });

  it('does not read the ref after an unambiguous error', async () => {
    const { client, requests } = await serving({ errors: [{ type: 'FORBIDDEN', message: 'no' }] }, elsewhere);
    expect(await rejection(moveRef(client, move))).toMatchObject({ code: 'ghes-forbidden' });
    expect(requests).toHaveLength(1);
  });

  it('throws the original error if the ref cannot be read', async () => {
    const { origin } = await servers.serve(({ url }, response) =>
      json(response, url === '/api/graphql' ? rejected : { message: 'no' }, url === '/api/graphql' ? 200 : 403),
    );
    expect(await rejection(moveRef(servers.client(origin), move))).toMatchObject({ code: 'ghes-validation' });
  });

  it.each([
    "Field 'updateRefs' doesn't exist on type 'Mutation'",
    "UpdateRefsInput isn't a defined input type (on $input)",
  ])('reports an unsupported version if the schema lacks the mutation: %s', async (message) => {
    const { client, requests } = await serving({ errors: [{ message }] }, from);
    await expect(moveRef(client, move)).rejects.toThrow(GhesUnsupportedVersionError);
    expect(requests).toHaveLength(1);
  });

  it('sends nothing to a server whose version is too old', async () => {
    const { client, requests } = await serving(moved, from, '3.13.4');
    await getRef(client, move);
    await expect(moveRef(client, move)).rejects.toThrow(/3\.13\.4 cannot .* 3\.14 and later/);
    expect(requests).toHaveLength(1);
  });
});
