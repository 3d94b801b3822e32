import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { json, rejection, TestServers } from '../../test/test-servers.js';
import { GhesRateLimitedError } from '../errors/index.js';
import { gitUploadPack } from '../git/git-upload-pack.js';
import { getMeta } from '../operations/index.js';
import type { GhesAuth } from './authorization.js';

const servers = new TestServers();

afterEach(() => servers.close());

const meta = { verifiable_password_authentication: true };
const token = (value: string): GhesAuth => ({ type: 'installation', token: () => Promise.resolve(value) });
const secondsLeft = (error: unknown): number =>
  Math.ceil(((error as GhesRateLimitedError).until.getTime() - Date.now()) / 1000);
const primary = (response: ServerResponse): void =>
  json(response, { message: 'API rate limit exceeded for installation ID 7.' }, 403, {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 600),
  });

describe('rate limits', () => {
  it('of a quota stop further calls with the same credential only', async () => {
    const { origin, requests } = await servers.serve(({ headers }, response) =>
      headers.authorization === 'Bearer A' ? primary(response) : json(response, meta),
    );
    const network = servers.network();
    const first = await rejection(getMeta(servers.client(origin, { network, auth: token('A') })));
    const again = await rejection(getMeta(servers.client(origin, { network, auth: token('A') })));
    expect([first, again]).toEqual([
      expect.objectContaining({ kind: 'primary', status: 403 }),
      expect.objectContaining({ kind: 'primary', status: undefined, until: (first as GhesRateLimitedError).until }),
    ]);
    expect((again as Error).message).toMatch(/was not sent: the server's primary rate limit applies until/);
    expect(await getMeta(servers.client(origin, { network, auth: token('B') }))).toEqual(meta);
    expect(requests).toHaveLength(2);
  });

  it('apply to new tokens of an installation if the quota is named', async () => {
    const { origin, requests } = await servers.serve((_, response) => primary(response));
    const network = servers.network();
    const client = (value: string) => servers.client(origin, { network, auth: token(value), quota: 'installation:7' });
    await rejection(getMeta(client('A')));
    await expect(getMeta(client('B'))).rejects.toMatchObject({ code: 'ghes-rate-limited' });
    expect(requests).toHaveLength(1);
  });

  it('of load stop all calls of the connection, including git', async () => {
    const { origin, requests } = await servers.serve((_, response) =>
      json(response, { message: 'You have exceeded a secondary rate limit.' }, 403),
    );
    const network = servers.network();
    const error = await rejection(getMeta(servers.client(origin, { network, auth: token('A') })));
    expect([(error as GhesRateLimitedError).kind, secondsLeft(error)]).toEqual(['secondary', 60]);
    await expect(getMeta(servers.client(origin, { network, auth: token('B') }))).rejects.toMatchObject({
      kind: 'secondary',
    });
    const fetch = { origin, network, owner: 'acme', repo: 'docs', body: '0000' };
    await expect(gitUploadPack({ ...fetch, token: () => Promise.resolve('C') })).rejects.toMatchObject({
      code: 'ghes-rate-limited',
    });
    expect(requests).toHaveLength(1);
    await expect(getMeta(servers.client(origin, { auth: token('A') }))).rejects.toMatchObject({ status: 403 });
  });

  it('stop queued requests', async () => {
    const { origin, requests } = await servers.serve((_, response) => json(response, {}, 429, { 'retry-after': '30' }));
    const network = servers.network({ limits: { maxConcurrentRequests: 2 } });
    const calls = Array.from({ length: 20 }, () => rejection(getMeta(servers.client(origin, { network }))));
    const errors = await Promise.all(calls);
    expect(errors.every((error) => error instanceof GhesRateLimitedError)).toBe(true);
    expect(requests.length).toBeLessThanOrEqual(4);
  });

  it('expire', async () => {
    const answers = [(r: ServerResponse) => json(r, {}, 429, { 'retry-after': '1' })];
    const { origin } = await servers.serve((_, response) => (answers.shift() ?? ((r) => json(r, meta)))(response));
    const client = servers.client(origin);
    await rejection(getMeta(client));
    await rejection(getMeta(client));
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await getMeta(client)).toEqual(meta);
  });

  it('of GraphQL have status 200, and do not stop REST', async () => {
    const reset = String(Math.floor(Date.now() / 1000) + 300);
    const { origin, requests } = await servers.serve(({ url }, response) =>
      url === '/api/graphql'
        ? json(
            response,
            { data: { a: 1 }, errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] },
            200,
            {
              'x-ratelimit-remaining': '0',
              'x-ratelimit-reset': reset,
            },
          )
        : json(response, meta),
    );
    const client = servers.client(origin);
    const error = await rejection(client.graphql('{ a }', {}, z.unknown(), { partial: () => undefined }));
    expect(error).toMatchObject({ kind: 'primary', code: 'ghes-rate-limited' });
    expect(secondsLeft(error)).toBeGreaterThan(295);
    await rejection(client.graphql('{ a }', {}, z.unknown()));
    expect(await getMeta(client)).toEqual(meta);
    expect(requests).toHaveLength(2);
  });

  it('of GraphQL are recognized by their other name and without headers', async () => {
    const { origin } = await servers.serve((_, response) =>
      json(response, { errors: [{ type: 'RATE_LIMIT', message: 'You have exceeded a secondary rate limit' }] }),
    );
    const error = await rejection(servers.client(origin).graphql('{ a }', {}, z.unknown()));
    expect([(error as GhesRateLimitedError).kind, secondsLeft(error)]).toEqual(['secondary', 60]);
  });
});
