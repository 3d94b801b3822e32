import { setTimeout as wait } from 'node:timers/promises';
import { GhesUnauthorizedError } from '../errors/unauthorized.error.js';
import type { NetworkLimits } from '../network/network-limits.js';

/** Gives the credential of one request. Called for each, so that what it returns is current. */
export type CredentialProvider = () => Promise<string>;

/** A token, and the local time in ms when it was minted. */
export interface MintedToken {
  readonly token: string;
  readonly mintedAt: number;
}

/** Gives the token of one request; with the time of its minting a 401 for a new one is waited out. */
export type TokenProvider = () => Promise<string | MintedToken>;

/** Called once after a 401, with the token that was refused; must give another one. */
export type TokenRefresh = (refused: string) => Promise<string | MintedToken>;

/** As whom a client calls. */
export type GhesAuth =
  | { type: 'none' }
  | { type: 'app'; jwt: CredentialProvider; refresh?: TokenRefresh }
  | { type: 'installation'; token: TokenProvider; refresh?: TokenRefresh }
  | { type: 'user'; token: TokenProvider; refresh?: TokenRefresh }
  /** The app by its client id and secret, which is asked for on the tokens that it gave to users. */
  | { type: 'oauth-app'; clientId: string; clientSecret: CredentialProvider };

/**
 * Runs a request with the credential. After a 401 a token that was minted moments ago is tried again for a few seconds: servers with
 * replicas do not know it everywhere at once. Another credential is refreshed once; a new token is not, since the next would be as new.
 * All that is safe for writes as well: a request that was not accepted has done nothing.
 *
 * @throws GhesUnauthorizedError if the server does not come to accept it
 */
export async function withCredential<T>(
  auth: GhesAuth,
  limits: Pick<NetworkLimits, 'newTokenMs' | 'retryDelayMs'>,
  request: (credential: string | undefined) => Promise<T>,
): Promise<T> {
  const provider = providerOf(auth);
  if (provider === undefined) return request(undefined);
  const refresh = 'refresh' in auth ? auth.refresh : undefined;
  const provided = await provider();
  const isNew = Date.now() < newUntil(provided, limits.newTokenMs);
  try {
    return await untilKnown(provided, limits, request);
  } catch (error) {
    if (!(error instanceof GhesUnauthorizedError) || refresh === undefined || isNew) throw error;
    return untilKnown(await refresh(tokenOf(provided)), limits, request);
  }
}

async function untilKnown<T>(
  provided: string | MintedToken,
  { newTokenMs, retryDelayMs }: Pick<NetworkLimits, 'newTokenMs' | 'retryDelayMs'>,
  request: (credential: string) => Promise<T>,
): Promise<T> {
  for (let delay = retryDelayMs; ; delay *= 2) {
    try {
      return await request(tokenOf(provided));
    } catch (error) {
      const inTime = Date.now() + delay < newUntil(provided, newTokenMs);
      if (!(error instanceof GhesUnauthorizedError) || !inTime) throw error;
      await wait(delay);
    }
  }
}

function tokenOf(provided: string | MintedToken): string {
  return typeof provided === 'string' ? provided : provided.token;
}

/** Local time in ms; of a credential whose age is not known, the beginning of all times. */
function newUntil(provided: string | MintedToken, newTokenMs: number): number {
  return typeof provided === 'string' ? 0 : provided.mintedAt + newTokenMs;
}

/** The header of an API request. */
export function authorizationHeader(auth: GhesAuth, credential: string | undefined): Record<string, string> {
  if (credential === undefined) return {};
  if (auth.type === 'oauth-app') return { authorization: basic(auth.clientId, credential) };
  return { authorization: `Bearer ${credential}` };
}

/** HTTP Basic, as git and the end points of an OAuth app want it. */
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
