import { createHash, randomBytes } from 'node:crypto';
import { hashSecret, newToken } from '../access/secrets.js';
import { toTimestamp } from '../clock.js';
import type { Ghes } from '../ghes.js';
import type { Account, App, UserToken } from '../state/model.js';

/** As on GHES: a code for ten minutes, a token for eight hours, its refresh token for six months. */
const codeLifeSeconds = 10 * 60;
const tokenLifeSeconds = 8 * 60 * 60;
const refreshLifeSeconds = 15_897_600;

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
  const expiresAt = inSeconds(ghes, codeLifeSeconds);
  const challenge = codeChallenge === undefined ? {} : { codeChallenge };
  const entry = { codeHash: hashSecret(code), appId: app.id, userId: user.id, redirectUri, ...challenge, expiresAt };
  ghes.store.change((state) => state.oauthCodes.push(entry));
  return code;
}

/** @returns the user of a code, once; undefined when the code, its age, its app, its verifier or its address is wrong. */
export function redeemCode(
  ghes: Ghes,
  app: App,
  code: string,
  verifier: string | undefined,
  redirectUri: string | undefined,
): number | undefined {
  const { store, clock } = ghes;
  const found = store.state.oauthCodes.find((item) => item.codeHash === hashSecret(code) && item.appId === app.id);
  if (!found) return undefined;
  store.change((state) => (state.oauthCodes = state.oauthCodes.filter((item) => item !== found)));
  if (new Date(found.expiresAt) <= clock.now()) return undefined;
  if (redirectUri !== undefined && redirectUri !== found.redirectUri) return undefined;
  const challenge = createHash('sha256')
    .update(verifier ?? '')
    .digest('base64url');
  return found.codeChallenge === undefined || found.codeChallenge === challenge ? found.userId : undefined;
}

/** A token for the user and the one to renew it with, as `access_token` answers. */
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
      expiresAt: inSeconds(ghes, tokenLifeSeconds),
      refreshTokenHash: hashSecret(refresh),
      refreshExpiresAt: inSeconds(ghes, refreshLifeSeconds),
    },
  };
  ghes.store.change((state) => state.userTokens.push(entry));
  return {
    access_token: token,
    expires_in: tokenLifeSeconds,
    refresh_token: refresh,
    refresh_token_expires_in: refreshLifeSeconds,
    scope: '',
    token_type: 'bearer',
  };
}

/** Uses up a refresh token and the token it came with. */
export function redeemRefreshToken(ghes: Ghes, app: App, refresh: string): number | undefined {
  const found = ghes.store.state.userTokens.find(
    (item) => item.app?.id === app.id && item.app.refreshTokenHash === hashSecret(refresh),
  );
  if (!found?.app) return undefined;
  revoke(ghes, (item) => item === found);
  return new Date(found.app.refreshExpiresAt) > ghes.clock.now() ? found.userId : undefined;
}

export function revoke(ghes: Ghes, which: (token: UserToken) => boolean): void {
  ghes.store.change((state) => (state.userTokens = state.userTokens.filter((item) => !which(item))));
}

export function appByClient(ghes: Ghes, clientId: string, clientSecret: string): App | undefined {
  const app = ghes.store.state.apps.find((item) => item.clientId === clientId);
  return app?.clientSecretHashes.includes(hashSecret(clientSecret)) === true ? app : undefined;
}
