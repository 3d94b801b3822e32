import { describe, expect, it, jest } from '@jest/globals';
import { GhesServerError, GhesUnauthorizedError } from '../errors/index.js';
import { withCredential } from './authorization.js';
import type { GhesAuth, MintedToken } from './authorization.js';

const limits = { newTokenMs: 200, retryDelayMs: 5 };

describe('a token that is refused', () => {
  const minted = (agoMs: number, token = 'token'): MintedToken => ({ token, mintedAt: Date.now() - agoMs });
  const auth = (
    token: string | MintedToken,
    refresh?: (refused: string) => Promise<string | MintedToken>,
  ): GhesAuth => ({
    type: 'installation',
    token: () => Promise.resolve(token),
    ...(refresh && { refresh }),
  });
  /** Refuses as often as told, and says what with. */
  const server = (refusals: number) => {
    const seen: (string | undefined)[] = [];
    const request = (credential: string | undefined): Promise<string> => {
      seen.push(credential);
      if (seen.length <= refusals) return Promise.reject(new GhesUnauthorizedError('401'));
      return Promise.resolve('accepted');
    };
    return { seen, request };
  };

  it('is tried again while it is new, and accepted as soon as the server knows it', async () => {
    const { seen, request } = server(3);
    await expect(withCredential(auth(minted(0)), limits, request)).resolves.toBe('accepted');
    expect(seen).toEqual(['token', 'token', 'token', 'token']);
  });

  it('is given up when it is new no more, and not refreshed: the next would be as new', async () => {
    const { seen, request } = server(Infinity);
    const refresh = jest.fn(() => Promise.resolve('another'));
    const started = Date.now();
    await expect(withCredential(auth(minted(0), refresh), limits, request)).rejects.toThrow(GhesUnauthorizedError);
    expect(Date.now() - started).toBeLessThan(limits.newTokenMs + 100);
    expect(seen.length).toBeGreaterThan(3);
    expect(refresh).not.toHaveBeenCalled();
  });

  it('is refreshed at once if it is old, and the new one has its time', async () => {
    const { seen, request } = server(3);
    const refresh = (refused: string) => Promise.resolve(minted(0, `after ${refused}`));
    await withCredential(auth(minted(1_000, 'old'), refresh), limits, request);
    expect(seen).toEqual(['old', 'after old', 'after old', 'after old']);
  });

  it('is an error at once if its age is not known and nothing can be done', async () => {
    const { seen, request } = server(1);
    await expect(withCredential(auth('token'), limits, request)).rejects.toThrow(GhesUnauthorizedError);
    expect(seen).toHaveLength(1);
  });

  it('is not mixed up with other errors', async () => {
    const request = jest.fn(() => Promise.reject(new GhesServerError('502')));
    await expect(withCredential(auth(minted(0)), limits, request)).rejects.toThrow(GhesServerError);
    expect(request).toHaveBeenCalledTimes(1);
  });
});
