import { setTimeout as wait } from 'node:timers/promises';
import { GhesUnauthorizedError } from '../errors/unauthorized.error.js';
import type { NetworkLimits } from '../network/network-limits.js';

/** Returns the current credential. Called for every request. */
export type CredentialProvider = () => Promise<string>;

/** A token, and the local time in ms at which it was created. */
export interface MintedToken {
  readonly token: string;
  readonly mintedAt: number;
}

/** Returns the current token; with its creation time, a 401 for a new token is retried. */
export type TokenProvider = () => Promise<string | MintedToken>;

/** Called once after a 401, with the rejected token; has to return another one. */
export type TokenRefresh = (rejected: string) => Promise<string | MintedToken>;

/** The identity of a client. */
export type GhesAuth =
  | { readonly type: 'none' }
  | { readonly type: 'app'; readonly jwt: CredentialProvider; readonly refresh?: TokenRefresh }
  | { readonly type: 'installation'; readonly token: TokenProvider; readonly refresh?: TokenRefresh }
  | { readonly type: 'user'; readonly token: TokenProvider; readonly refresh?: TokenRefresh }
  /** The app by its client id and secret, which the endpoints for its users' tokens require. */
  | { readonly type: 'oauth-app'; readonly clientId: string; readonly clientSecret: CredentialProvider };

type TokenLimits = Pick<NetworkLimits, 'newTokenMs' | 'retryDelayMs'>;

/**
 * Runs a request with the current credential. After a 401, a token younger than `newTokenMs` is tried again, because
 * servers with replicas do not know a new token everywhere at once; any other credential is refreshed once. Safe for
 * writes: a request that was answered 401 has changed nothing.
 * https://github.com/octokit/auth-app.js/issues/65
 *
 * @throws GhesUnauthorizedError if the server still answers 401
 */
export async function withCredential<T>(
  auth: GhesAuth,
  limits: TokenLimits,
  request: (credential: string | undefined) => Promise<T>,
): Promise<T> {
  const provider = providerOf(auth);
  if (provider === undefined) return request(undefined);
  const refresh = 'refresh' in auth ? auth.refresh : undefined;
  const provided = await provider();
  const isNew = Date.now() < retryDeadline(provided, limits.newTokenMs);
  try {
    return await retryNewToken(provided, limits, request);
  } catch (error) {
    if (!(error instanceof GhesUnauthorizedError)) throw error;
    // Refreshing a new token would give one that is just as new.
    if (refresh === undefined || isNew) throw ofCredential(error, auth);
    const refreshed = await refresh(tokenOf(provided));
    return await retryNewToken(refreshed, limits, request).catch((again: unknown) => {
      throw again instanceof GhesUnauthorizedError ? ofCredential(again, auth) : again;
    });
  }
}

function ofCredential(error: GhesUnauthorizedError, { type }: GhesAuth): GhesUnauthorizedError {
  return type === 'installation' || type === 'user' ? error.of(type) : error;
}

async function retryNewToken<T>(
  provided: string | MintedToken,
  { newTokenMs, retryDelayMs }: TokenLimits,
  request: (credential: string) => Promise<T>,
): Promise<T> {
  for (let delay = retryDelayMs; ; delay *= 2) {
    try {
      return await request(tokenOf(provided));
    } catch (error) {
      const mayRetry = Date.now() + delay < retryDeadline(provided, newTokenMs);
      if (!(error instanceof GhesUnauthorizedError) || !mayRetry) throw error;
      await wait(delay);
    }
  }
}

function tokenOf(provided: string | MintedToken): string {
  return typeof provided === 'string' ? provided : provided.token;
}

/** Local time in ms until which a 401 is retried; 0 for a credential of unknown age. */
function retryDeadline(provided: string | MintedToken, newTokenMs: number): number {
  return typeof provided === 'string' ? 0 : provided.mintedAt + newTokenMs;
}

/** The `authorization` header of an API request. */
export function authorizationHeader(auth: GhesAuth, credential: string | undefined): Record<string, string> {
  if (credential === undefined) return {};
  if (auth.type === 'oauth-app') return { authorization: basic(auth.clientId, credential) };
  return { authorization: `Bearer ${credential}` };
}

/** HTTP Basic, which git and the endpoints of an OAuth app require. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function providerOf(auth: GhesAuth): TokenProvider | undefined {
  switch (auth.type) {
    case 'none':
      return undefined;
    case 'app':
      return auth.jwt;
    case 'oauth-app':
      return auth.clientSecret;
    default:
      return auth.token;
  }
}
