import { createHash, randomBytes } from 'node:crypto';

/** The secret of an authorization request (RFC 7636) and its hash. */
export interface PkcePair {
  /** Stored until the code is returned, and sent with it. */
  readonly verifier: string;
  /** SHA-256 of the verifier. */
  readonly challenge: string;
}

/** Creates a pair for one authorization. */
export function createPkcePair(): PkcePair {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** An authorization request. */
export interface UserAuthorization {
  readonly origin: string;
  readonly clientId: string;
  /** One of the app's callback URLs. */
  readonly redirectUri: string;
  /** Random, single use, bound to the browser's session. */
  readonly state: string;
  /** `challenge` of {@link createPkcePair}. Releases that do not know it ignore it. */
  readonly codeChallenge: string;
  /** Account to suggest. */
  readonly login?: string | undefined;
}

/**
 * The URL at which a user [authorizes the
 * app](https://docs.github.com/enterprise-server@latest/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app#using-the-web-application-flow-to-generate-a-user-access-token)
 * to act for them. The server redirects to `redirectUri` with `code` and `state`, or with `error`.
 */
export function userAuthorizationUrl(authorization: UserAuthorization): string {
  const { origin, clientId, redirectUri, state, codeChallenge, login } = authorization;
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    state,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    ...(login === undefined ? {} : { login }),
  });
  return `${origin}/login/oauth/authorize?${query.toString()}`;
}
