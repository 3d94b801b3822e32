import { UnauthorizedError } from '../errors/unauthorized.error.js';

/** Gives the credential of one request. Called for each, so that what it returns is current. */
export type CredentialProvider = () => Promise<string>;

/** As whom a client calls. `refresh` is called once after a 401 and must give a new credential, not the refused one. */
export type GhesAuth =
  | { type: 'none' }
  | { type: 'app'; jwt: CredentialProvider; refresh?: CredentialProvider }
  | { type: 'installation'; token: CredentialProvider; refresh?: CredentialProvider }
  | { type: 'user'; token: CredentialProvider; refresh?: CredentialProvider }
  /** The app by its client id and secret, which is asked for on the tokens that it gave to users. */
  | { type: 'oauth-app'; clientId: string; clientSecret: CredentialProvider };

/**
 * Runs a request with the credential; after a 401 once more with a fresh one. That is safe for writes as well: a request that was not
 * accepted has done nothing.
 */
export async function withCredential<T>(
  auth: GhesAuth,
  request: (credential: string | undefined) => Promise<T>,
): Promise<T> {
  const provider = providerOf(auth);
  if (provider === undefined) return request(undefined);
  const refresh = 'refresh' in auth ? auth.refresh : undefined;
  try {
    return await request(await provider());
  } catch (error) {
    if (!(error instanceof UnauthorizedError) || refresh === undefined) throw error;
    return request(await refresh());
  }
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

function providerOf(auth: GhesAuth): CredentialProvider | undefined {
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
