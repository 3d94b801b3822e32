import { UnauthorizedError } from '../errors/unauthorized.error.js';

/** Gives the credential of one request. Called for each, so that what it returns is current. */
export type CredentialProvider = () => Promise<string>;

/** As whom a client calls. `refresh` is called once after a 401 and must give a new credential, not the refused one. */
export type GhesAuth =
  | { type: 'none' }
  | { type: 'app'; jwt: CredentialProvider; refresh?: CredentialProvider }
  | { type: 'installation'; token: CredentialProvider; refresh?: CredentialProvider };

/**
 * Runs a request with the credential; after a 401 once more with a fresh one. That is safe for writes as well: a request that was not
 * accepted has done nothing.
 */
export async function withCredential<T>(
  auth: GhesAuth,
  request: (credential: string | undefined) => Promise<T>,
): Promise<T> {
  if (auth.type === 'none') return request(undefined);
  try {
    return await request(await (auth.type === 'app' ? auth.jwt() : auth.token()));
  } catch (error) {
    if (!(error instanceof UnauthorizedError) || auth.refresh === undefined) throw error;
    return request(await auth.refresh());
  }
}
