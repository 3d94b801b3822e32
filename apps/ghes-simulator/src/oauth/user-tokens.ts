import { createHash, randomBytes } from 'node:crypto';
import { hashSecret, newToken } from '../access/secrets.js';
import { toTimestamp } from '../clock.js';
import type { Ghes } from '../ghes.js';
import type { Account, App, UserToken } from '../state/model.js';

/** Lifetimes on GHES: codes ten minutes, tokens eight hours, refresh tokens six months. */
const CODE_LIFE_SECONDS = 10 * 60;
const TOKEN_LIFE_SECONDS = 8 * 60 * 60;
const REFRESH_LIFE_SECONDS = 15_897_600;

export interface CodeRequest {
  readonly app: App;
  readonly user: Account;
  readonly redirectUri: string;
  readonly codeChallenge?: string | undefined;
}

function inSeconds({ clock }: Ghes, seconds: number): string {
  return toTimestamp(new Date(clock.now().getTime() + seconds * 1000));
}

export function createCode(ghes: Ghes, { app, user, redirectUri, codeChallenge }: CodeRequest): string {
  const code = randomBytes(10).toString('hex');
  ghes.given.add('oauth-code', code);
  const expiresAt = inSeconds(ghes, CODE_LIFE_SECONDS);
  const challenge = codeChallenge === undefined ? {} : { codeChallenge };
  const entry = { codeHash: hashSecret(code), appId: app.id, userId: user.id, redirectUri, ...challenge, expiresAt };
  ghes.store.change((state) => state.oauthCodes.push(entry));
  return code;
}

/**
 * Redeems a code, once.
 *
 * @returns its user; undefined if the code, app, verifier or redirect URI is wrong or it expired
 */
export function redeemCode(
  ghes: Ghes,
  app: App,
  code: string,
  verifier: string | undefined,
  redirectUri: string | undefined,
): number | undefined {
  const { store, clock } = ghes;
  const entry = store.state.oauthCodes.find((item) => item.codeHash === hashSecret(code) && item.appId === app.id);
  if (!entry) return undefined;
  store.change((state) => (state.oauthCodes = state.oauthCodes.filter((item) => item !== entry)));
  if (new Date(entry.expiresAt) <= clock.now()) return undefined;
  if (redirectUri !== undefined && redirectUri !== entry.redirectUri) return undefined;
  const challenge = createHash('sha256')
    .update(verifier ?? '')
    .digest('base64url');
  return entry.codeChallenge === undefined || entry.codeChallenge === challenge ? entry.userId : undefined;
}

/** Creates a user token and a refresh token, as `access_token` returns them. */
export function issueTokens(ghes: Ghes, app: App, userId: number): Record<string, string | number> {
  const [token, refresh] = [newToken('ghu_'), newToken('ghr_')];
  ghes.given.add('user-token', token);
  ghes.given.add('user-refresh-token', refresh);
  const entry: UserToken = {
    tokenHash: hashSecret(token),
    userId,
    note: app.name,
    createdAt: ghes.clock.timestamp(),
    app: {
      id: app.id,
      expiresAt: inSeconds(ghes, TOKEN_LIFE_SECONDS),
      refreshTokenHash: hashSecret(refresh),
      refreshExpiresAt: inSeconds(ghes, REFRESH_LIFE_SECONDS),
    },
  };
  ghes.store.change((state) => state.userTokens.push(entry));
  return {
    access_token: token,
    expires_in: TOKEN_LIFE_SECONDS,
    refresh_token: refresh,
    refresh_token_expires_in: REFRESH_LIFE_SECONDS,
    scope: '',
    token_type: 'bearer',
  };
}

/** Redeems a refresh token, once, and revokes the user token that was issued with it. */
export function redeemRefreshToken(ghes: Ghes, app: App, refresh: string): number | undefined {
  const entry = ghes.store.state.userTokens.find(
    (item) => item.app?.id === app.id && item.app.refreshTokenHash === hashSecret(refresh),
  );
  if (!entry?.app) return undefined;
  revoke(ghes, (item) => item === entry);
  return new Date(entry.app.refreshExpiresAt) > ghes.clock.now() ? entry.userId : undefined;
}

export function revoke(ghes: Ghes, which: (token: UserToken) => boolean): void {
  ghes.store.change((state) => (state.userTokens = state.userTokens.filter((item) => !which(item))));
}

export function appByClient(ghes: Ghes, clientId: string, clientSecret: string): App | undefined {
  const app = ghes.store.state.apps.find((item) => item.clientId === clientId);
  return app?.clientSecretHashes.includes(hashSecret(clientSecret)) === true ? app : undefined;
}
