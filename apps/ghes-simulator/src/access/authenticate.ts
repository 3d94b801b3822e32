import type { Ghes } from '../ghes.js';
import { ApiError, badCredentials } from '../rest/api.error.js';
import { accountById, appById, findAccount, findInstallation } from '../state/lookup.js';
import type { Account } from '../state/model.js';
import type { Actor } from './actor.js';
import { verifyAppJwt } from './app-jwt.js';
import { hashSecret, passwordMatches } from './secrets.js';

/** Identifies the caller by the `Authorization` header. @throws ApiError 401 for unknown or expired credentials */
export async function authenticate(ghes: Ghes, header: string | undefined): Promise<Actor> {
  if (header === undefined || header === '') return { kind: 'anonymous' };
  const [scheme = '', credentials = ''] = header.split(/\s+(.*)/s);
  switch (scheme.toLowerCase()) {
    case 'basic':
      return basic(ghes, credentials);
    case 'bearer':
    case 'token':
      if (credentials.split('.').length === 3) {
        const app = await verifyAppJwt(ghes, credentials);
        ghes.given.add('app-jwt', credentials);
        return { kind: 'app', app };
      }
      return tokenHolder(ghes, credentials);
    default:
      throw badCredentials();
  }
}

function basic(ghes: Ghes, credentials: string): Actor {
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const [login, password] = [decoded.slice(0, colon), decoded.slice(colon + 1)];
  if (colon < 0) throw badCredentials();
  if (/^gh[psu]_/.test(password)) return tokenHolder(ghes, password);
  const user = signIn(ghes, login, password);
  if (!user) throw badCredentials();
  return { kind: 'user', user };
}

/** The user with this login and password; undefined if they do not match. */
export function signIn(ghes: Ghes, login: string, password: string): Account | undefined {
  const user = findAccount(ghes.store, login);
  return user?.passwordHash !== undefined && passwordMatches(password, user.passwordHash) ? user : undefined;
}

function tokenHolder(ghes: Ghes, value: string): Actor {
  const { store, clock } = ghes;
  const tokenHash = hashSecret(value);
  const userToken = store.state.userTokens.find((item) => item.tokenHash === tokenHash);
  if (userToken) {
    if (userToken.app && new Date(userToken.app.expiresAt) <= clock.now()) throw badCredentials();
    const app = userToken.app && appById(store, userToken.app.id);
    return { kind: 'user', user: accountById(store, userToken.userId), ...(app && { app }) };
  }
  const token = store.state.installationTokens.find((item) => item.tokenHash === tokenHash);
  const installation = token && findInstallation(store, token.installationId);
  if (!token || !installation || new Date(token.expiresAt) <= clock.now()) throw badCredentials();
  if (installation.suspendedAt !== null) throw new ApiError(403, 'This installation has been suspended');
  const app = appById(store, installation.appId);
  return { kind: 'installation', app, bot: accountById(store, app.botId), installation, token };
}
