import { describe, expect, it, jest } from '@jest/globals';
import { GhesServerError, GhesUnauthorizedError } from '../errors/index.js';
import { withCredential } from './authorization.js';
import type { GhesAuth, MintedToken } from './authorization.js';

const limits = { newTokenMs: 200, retryDelayMs: 5 };

describe('a rejected token', () => {
  const minted = (agoMs: number, token = 'token'): MintedToken => ({ token, mintedAt: Date.now() - agoMs });
  const auth = (
    token: string | MintedToken,
    refresh?: (rejected: string) => Promise<string | MintedToken>,
  ): GhesAuth => ({
    type: 'installation',
    token: () => Promise.resolve(token),
    ...(refresh && { refresh }),
  });
  /** Rejects the first requests with 401, and records the credentials of all. */
  const server = (rejections: number) => {
    const credentials: (string | undefined)[] = [];
    const request = (credential: string | undefined): Promise<string> => {
      credentials.push(credential);
      if (credentials.length <= rejections) return Promise.reject(new GhesUnauthorizedError('401'));
      return Promise.resolve('accepted');
    };
    return { credentials, request };
  };

  it('is retried while it is new, until the server accepts it', async () => {
    const { credentials, request } = server(3);
    await expect(withCredential(auth(minted(0)), limits, request)).resolves.toBe('accepted');
    expect(credentials).toEqual(['token', 'token', 'token', 'token']);
  });

  it('fails after its retry time without a refresh, because the next token would be as new', async () => {
    const { credentials, request } = server(Infinity);
    const refresh = jest.fn(() => Promise.resolve('another'));
    const started = Date.now();
    await expect(withCredential(auth(minted(0), refresh), limits, request)).rejects.toThrow(GhesUnauthorizedError);
    expect(Date.now() - started).toBeLessThan(limits.newTokenMs + 100);
    expect(credentials.length).toBeGreaterThan(3);
    expect(refresh).not.toHaveBeenCalled();
  });

  it('is refreshed at once if it is old, and the new one is retried', async () => {
    const { credentials, request } = server(3);
    const refresh = (rejected: string) => Promise.resolve(minted(0, `after ${rejected}`));
    await withCredential(auth(minted(1_000, 'old'), refresh), limits, request);
    expect(credentials).toEqual(['old', 'after old', 'after old', 'after old']);
  });

  it('fails at once if its age is unknown and it cannot be refreshed', async () => {
    const { credentials, request } = server(1);
    await expect(withCredential(auth('token'), limits, request)).rejects.toThrow(GhesUnauthorizedError);
    expect(credentials).toHaveLength(1);
  });

  it('is not retried after other errors', async () => {
    const request = jest.fn(() => Promise.reject(new GhesServerError('502')));
    await expect(withCredential(auth(minted(0)), limits, request)).rejects.toThrow(GhesServerError);
    expect(request).toHaveBeenCalledTimes(1);
  });
});
