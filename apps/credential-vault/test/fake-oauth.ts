import { createHash, randomBytes } from 'node:crypto';

type Answer = [status: number, value: unknown];
type Fields = Record<string, unknown>;

interface Code {
  readonly login: string;
  readonly redirectUri: string;
  readonly challenge: string;
}

interface Tokens {
  readonly login: string;
  access: string;
  refresh: string | undefined;
}

/** The OAuth web flow of a GHES: authorization, exchange, refresh and revocation of user tokens. */
export class FakeOAuth {
  /** Lifetime of tokens in seconds; null if the app's tokens do not expire. */
  lifetime: number | null = 28_800;
  /** Accepted client secrets. */
  clientSecrets = new Set<string>();
  /** Logins of suspended accounts. */
  readonly suspended = new Set<string>();
  private readonly codes = new Map<string, Code>();
  private tokens: Tokens[] = [];

  /** Received PKCE verifiers. */
  readonly verifiers: string[] = [];

  /** @param secret makes a secret that the tests look for everywhere */
  constructor(private readonly secret: () => string) {}

  newClientSecret(): string {
    const secret = this.secret();
    this.clientSecrets.add(secret);
    return secret;
  }

  /** Authorizes the app in the user's browser. @returns the parameters of the callback */
  authorize(authorizeUrl: string, login: string): { code: string; state: string } {
    const query = Object.fromEntries(new URL(authorizeUrl).searchParams);
    const code = randomBytes(10).toString('hex');
    const { redirect_uri: redirectUri = '', code_challenge: challenge = '', state = '' } = query;
    this.codes.set(code, { login, redirectUri, challenge });
    return { code, state };
  }

  /** Revokes the app's authorization, as on the page of authorized apps. */
  revokeAuthorization(login: string): void {
    this.tokens = this.tokens.filter((tokens) => tokens.login !== login);
  }

  /** Revokes the access token only; authorization and refresh token stay valid. */
  revokeToken(access: string): void {
    for (const tokens of this.tokens) if (tokens.access === access) tokens.access = '';
  }

  isGood(access: string): boolean {
    return this.tokens.some((tokens) => tokens.access === access);
  }

  /** @returns undefined for routes outside of OAuth */
  answer(route: string, body: Fields, authorization: string, failing: string[]): Answer | undefined {
    const handlers: Record<string, () => Answer> = {
      'POST /login/oauth/access_token': () => [200, this.exchange(body)],
      'GET /user': () => this.user(authorization.replace('Bearer ', '')),
      'DELETE /applications/token': () => this.revoke(authorization, ({ access }) => access === body['access_token']),
      'DELETE /applications/grant': () => {
        const owner = this.tokens.find(({ access }) => access === body['access_token'])?.login;
        return this.revoke(authorization, ({ login }) => login === owner);
      },
    };
    const handler = handlers[route];
    if (!handler) return undefined;
    const next = failing.indexOf(route);
    if (next < 0) return handler();
    failing.splice(next, 1);
    return [502, { message: 'Bad Gateway' }];
  }

  private exchange(given: Fields): object {
    if (!this.clientSecrets.has(String(given['client_secret']))) return reject('incorrect_client_credentials');
    if (given['grant_type'] === 'refresh_token') {
      const old = this.tokens.find(({ refresh }) => refresh === given['refresh_token']);
      if (!old) return reject('bad_refresh_token');
      this.tokens = this.tokens.filter((tokens) => tokens !== old);
      return this.issue(old.login);
    }
    const code = this.codes.get(String(given['code']));
    this.codes.delete(String(given['code']));
    const verifier = String(given['code_verifier']);
    this.verifiers.push(verifier);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const fits = code?.challenge === challenge && code.redirectUri === given['redirect_uri'];
    return code && fits ? this.issue(code.login) : reject('bad_verification_code');
  }

  private issue(login: string): object {
    const tokens = { login, access: this.secret(), refresh: this.lifetime === null ? undefined : this.secret() };
    this.tokens.push(tokens);
    const expiry = { expires_in: this.lifetime, refresh_token: tokens.refresh, refresh_token_expires_in: 15_897_600 };
    return { access_token: tokens.access, token_type: 'bearer', scope: '', ...(this.lifetime === null ? {} : expiry) };
  }

  private user(access: string): Answer {
    const owner = this.tokens.find((tokens) => access !== '' && tokens.access === access);
    if (!owner) return [401, { message: 'Bad credentials' }];
    if (this.suspended.has(owner.login)) return [403, { message: 'Sorry. Your account was suspended.' }];
    return [
      200,
      { id: owner.login.length, login: owner.login, type: 'User', html_url: `http://localhost/${owner.login}` },
    ];
  }

  private revoke(authorization: string, which: (tokens: Tokens) => boolean): Answer {
    const [, secret = ''] = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString('utf8').split(':');
    if (!this.clientSecrets.has(secret)) return [401, { message: 'Requires authentication' }];
    const remaining = this.tokens.filter((tokens) => !which(tokens));
    if (remaining.length === this.tokens.length) return [404, { message: 'Not Found' }];
    this.tokens = remaining;
    return [204, null];
  }
}

function reject(error: string): object {
  return { error, error_description: `The ${error} of the test.` };
}
