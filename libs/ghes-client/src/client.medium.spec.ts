import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { json, TestServers } from '../test/test-servers.js';
import type { RecordedRequest } from '../test/test-servers.js';
import {
  GhesForeignOriginError,
  GhesMalformedResponseError,
  GhesRateLimitedError,
  GhesRedirectedError,
  GhesServerError,
  GhesSuspendedError,
  GhesUnauthorizedError,
  GhesValidationError,
} from './errors/index.js';
import {
  convertManifestCode,
  createCommitStatus,
  createInstallationAccessToken,
  getMeta,
  getRepository,
  listInstallations,
  updateWebhookConfigForApp,
} from './operations/index.js';
import type { GhesAuth } from './policies/authorization.js';

const servers = new TestServers();

afterEach(() => servers.close());

const clientOf = (origin: string, auth: GhesAuth) => servers.client(origin, { auth });

const meta = { verifiable_password_authentication: true, installed_version: '3.17.2' };
const installation = (id: number): object => ({
  id,
  app_id: 1,
  app_slug: 'reunite',
  account: { id: 2, login: 'acme', type: 'Organization' },
  target_type: 'Organization',
  repository_selection: 'all',
  permissions: {},
  events: [],
  html_url: 'https://ghes.example.com/x',
});

describe('pinned origin (P6)', () => {
  it('follows no redirect, so that no other host receives the token', async () => {
    const other = await servers.serve((_, response) => json(response, meta));
    const { origin } = await servers.serve((_, response) =>
      response.writeHead(302, { location: `${other.origin}/api/v3/meta` }).end(),
    );
    await expect(getMeta(servers.client(origin))).rejects.toThrow(GhesRedirectedError);
    expect(other.requests).toEqual([]);
  });

  it('rejects a next page on another host before it requests the token', async () => {
    const other = await servers.serve((_, response) => json(response, [installation(8)]));
    const { origin } = await servers.serve((_, response) =>
      json(response, [installation(7)], 200, { link: `<${other.origin}/api/v3/app/installations?page=2>; rel="next"` }),
    );
    let credentials = 0;
    const client = clientOf(origin, {
      type: 'app',
      jwt: () => {
        credentials += 1;
        return Promise.resolve('JWT');
      },
    });
    const ids: number[] = [];
    const list = async (): Promise<void> => {
      for await (const { id } of listInstallations(client)) ids.push(id);
    };
    await expect(list()).rejects.toThrow(GhesForeignOriginError);
    expect([ids, credentials, other.requests]).toEqual([[7], 1, []]);
  });

  it('rejects absolute URLs and other base URLs', async () => {
    const other = await servers.serve((_, response) => json(response, {}));
    const { origin } = await servers.serve((_, response) => json(response, {}));
    const client = servers.client(origin);
    await expect(client.request(`GET ${other.origin}/api/v3/meta`, {}, z.unknown())).rejects.toThrow(
      GhesForeignOriginError,
    );
    await expect(client.request('GET /meta', { baseUrl: other.origin }, z.unknown())).rejects.toThrow(
      GhesForeignOriginError,
    );
    await expect(getRepository(client, { owner: '..', repo: '..' })).rejects.toThrow(GhesValidationError);
    expect(other.requests).toEqual([]);
  });

  it('never swaps tokens of two servers with identical ids in 1,000 interleaved calls', async () => {
    const echo = ({ headers }: RecordedRequest, response: ServerResponse): void =>
      json(response, { token: headers.authorization, expires_at: '2026-01-01T00:00:00Z' }, 201);
    const identical = await Promise.all([servers.serve(echo), servers.serve(echo)]);
    const clients = identical.map(({ origin }, index) => {
      let calls = 0;
      // Tokens arrive late and out of order, as from a vault.
      const jwt = async (): Promise<string> => {
        calls += 1;
        const mine = `server-${index}-${calls}`;
        await new Promise((resolve) => setTimeout(resolve, calls % 5));
        return mine;
      };
      return clientOf(origin, { type: 'app', jwt });
    });
    const tokens = await Promise.all(
      Array.from({ length: 1000 }, async (_, n) => {
        const index = n % 2;
        const { token } = await createInstallationAccessToken(clients[index]!, {
          installationId: 7,
          repositoryIds: [1],
        });
        return [index, token] as const;
      }),
    );
    expect(tokens.filter(([index, token]) => !token.startsWith(`Bearer server-${index}-`))).toEqual([]);
    for (const [index, { requests }] of identical.entries()) {
      expect(requests).toHaveLength(500);
      expect(new Set(requests.map(({ headers }) => headers.authorization)).size).toBe(500);
      expect(requests.every(({ headers }) => headers.authorization?.startsWith(`Bearer server-${index}-`))).toBe(true);
    }
  });
});

describe('credential', () => {
  it('is refreshed once after a 401', async () => {
    const { origin, requests } = await servers.serve(({ headers }, response) =>
      headers.authorization === 'Bearer fresh'
        ? json(response, meta)
        : json(response, { message: 'Bad credentials' }, 401),
    );
    const token = (): Promise<string> => Promise.resolve('stale');
    await getMeta(clientOf(origin, { type: 'installation', token, refresh: () => Promise.resolve('fresh') }));
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer stale', 'Bearer fresh']);
    const stale = clientOf(origin, { type: 'installation', token, refresh: token });
    await expect(getMeta(stale)).rejects.toThrow(GhesUnauthorizedError);
    expect(requests).toHaveLength(4);
  });

  it('is not sent to operations without authentication, and error messages omit the manifest code', async () => {
    const { origin, requests } = await servers.serve((_, response) => json(response, { message: 'Not Found' }, 404));
    const failed = convertManifestCode(clientOf(origin, { type: 'none' }), { code: 'ONETIMECODE' });
    await expect(failed).rejects.toThrow(/^(?!.*ONETIMECODE).*404: Not Found/);
    expect(requests[0]).toMatchObject({ method: 'POST', url: '/api/v3/app-manifests/ONETIMECODE/conversions' });
    expect(requests[0]?.headers.authorization).toBeUndefined();
  });

  it('is never part of an error', async () => {
    const answers: ((response: ServerResponse) => void)[] = [
      (response) => json(response, { message: 'echo: Bearer SECRETTOKEN' }, 403),
      (response) => json(response, { token: 'SECRETTOKEN' }),
      (response) => response.destroy(),
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<title>token=SECRETTOKEN</title>'),
    ];
    const { origin } = await servers.serve((_, response) => answers.shift()?.(response));
    const client = clientOf(origin, { type: 'app', jwt: () => Promise.resolve('SECRETTOKEN') });
    while (answers.length > 0) {
      const error: unknown = await updateWebhookConfigForApp(client, { secret: 'SECRETHOOK' }).then(
        // The second response is valid for the first operation and invalid for this one.
        () => createInstallationAccessToken(client, { installationId: 7 }).catch((caught: unknown) => caught),
        (caught: unknown) => caught,
      );
      expect(error).toBeInstanceOf(Error);
      const { message, stack, cause } = error as Error;
      expect(JSON.stringify([error, message, stack, cause, String(cause)])).not.toMatch(/SECRET/);
    }
  });
});

describe('an invalid response', () => {
  it.each<[string, (response: ServerResponse) => void, string]>([
    ['a page with 200', (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in'), 'content-type'],
    ['nothing with 200', (r) => r.writeHead(200, { 'content-type': 'application/json' }).end(), 'empty'],
    ['no content type', (r) => r.writeHead(200).end('{}'), 'content-type'],
    ['broken JSON', (r) => r.writeHead(200, { 'content-type': 'application/json' }).end('{"a":'), 'invalid-json'],
    ['another shape', (r) => json(r, []), 'unexpected-shape'],
    ['null', (r) => json(r, null), 'unexpected-shape'],
    ['an encoding', (r) => json(r, meta, 200, { 'content-encoding': 'br' }), 'encoding'],
    ['an odd content type', (r) => json(r, meta, 200, { 'content-type': ';;;' }), 'content-type'],
    ['huge headers', (r) => json(r, meta, 200, { 'x-huge': 'x'.repeat(40_000) }), 'protocol'],
  ])('is rejected: %s', async (_, answer, reason) => {
    const { origin } = await servers.serve((__, response) => answer(response));
    const error: unknown = await getMeta(servers.client(origin)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(GhesMalformedResponseError);
    expect(error).toMatchObject({ reason, code: 'ghes-malformed-response' });
  });

  it('is reported as unreachable if its body is incomplete', async () => {
    const { origin, requests } = await servers.serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"verifiable', () => response.destroy());
    });
    await expect(getMeta(servers.client(origin))).rejects.toMatchObject({ code: 'ghes-unreachable' });
    expect(requests).toHaveLength(3);
  });
});

describe('an error response', () => {
  it('reports until when a rate limit applies, without a retry', async () => {
    const { origin, requests } = await servers.serve((_, response) =>
      json(response, { message: 'Too many requests' }, 429, { 'retry-after': '30' }),
    );
    const error: unknown = await getMeta(servers.client(origin)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(GhesRateLimitedError);
    const { until } = error as GhesRateLimitedError;
    expect(until.getTime() - Date.now()).toBeGreaterThan(28_000);
    expect(until.getTime() - Date.now()).toBeLessThanOrEqual(30_000);
    expect(requests).toHaveLength(1);
  });

  it('reports a suspended installation', async () => {
    const { origin } = await servers.serve((_, response) =>
      json(response, { message: 'This installation has been suspended' }, 403),
    );
    await expect(createInstallationAccessToken(servers.client(origin), { installationId: 7 })).rejects.toThrow(
      GhesSuspendedError,
    );
  });

  it('with status 502 is retried for a read, but not for a write', async () => {
    let failures = 2;
    const { origin, requests } = await servers.serve((_, response) => {
      if ((failures -= 1) >= 0) response.writeHead(502).end('<html><title>Bad gateway</title>');
      else json(response, meta);
    });
    expect(await getMeta(servers.client(origin))).toMatchObject(meta);
    failures = 1;
    const status = { owner: 'acme', repo: 'docs', sha: 'a'.repeat(40), state: 'success', context: 'x' } as const;
    await expect(createCommitStatus(servers.client(origin), status)).rejects.toThrow(GhesServerError);
    expect(requests).toHaveLength(4);
  });
});
