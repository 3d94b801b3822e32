import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/core';
import { json, TestServers } from '../test/test-servers.js';
import { createInstallationAccessToken } from './operations/index.js';

const servers = new TestServers();

afterEach(() => servers.close());

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();

/** Starts two servers with the same app and installation ids, which return different tokens. */
async function twoServers(): Promise<string[]> {
  return Promise.all(
    ['token-of-one', 'token-of-two'].map(async (token) => {
      const expires = new Date(Date.now() + 3_600_000).toISOString();
      const { origin } = await servers.serve((_, response) => {
        setTimeout(() => json(response, { token, expires_at: expires, permissions: {} }, 201), 20);
      });
      return origin;
    }),
  );
}

describe('installation tokens of two servers', () => {
  it('are mixed up by @octokit/auth-app, which shares pending requests by installation id only', async () => {
    const origins = await twoServers();
    const tokens = await Promise.all(
      origins.map(async (origin) => {
        const auth = createAppAuth({
          appId: 1,
          privateKey: pem,
          request: new Octokit({ baseUrl: `${origin}/api/v3` }).request,
        });
        return (await auth({ type: 'installation', installationId: 7 })).token;
      }),
    );
    // The bug of version 8.3.1. If this fails, a release has fixed it, and the library can be considered again.
    expect(tokens).toEqual(['token-of-one', 'token-of-one']);
  });

  it('are kept apart by this client', async () => {
    const tokens = await Promise.all(
      (await twoServers()).map(async (origin) => {
        const auth = { type: 'app', jwt: () => Promise.resolve('jwt') } as const;
        return (await createInstallationAccessToken(servers.client(origin, { auth }), { installationId: 7 })).token;
      }),
    );
    expect(tokens).toEqual(['token-of-one', 'token-of-two']);
  });
});
