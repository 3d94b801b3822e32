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

/** The part of a GHES that lets an app act for people: the pages of the web flow, tokens that are renewed and revoked. */
export class FakeOAuth {
  /** Seconds that tokens are good for; null where the app lets them never expire. */
  lifetime: number | null = 28_800;
  /** The client secrets that the server takes. */
  clientSecrets = new Set<string>();
  /** People whose account is suspended. */
  readonly suspended = new Set<string>();
  private readonly codes = new Map<string, Code>();
  private tokens: Tokens[] = [];

  /** What the vault has proven with that it began the sign-in. */
  readonly verifiers: string[] = [];

  /** @param secret makes a secret that the tests look for everywhere */
  constructor(private readonly secret: () => string) {}

  newClientSecret(): string {
    const secret = this.secret();
    this.clientSecrets.add(secret);
    return secret;
  }

  /** What a person does in their browser. @returns what they come back with */
  authorize(authorizeUrl: string, login: string): { code: string; state: string } {
    const query = Object.fromEntries(new URL(authorizeUrl).searchParams);
    const code = randomBytes(10).toString('hex');
    const { redirect_uri: redirectUri = '', code_challenge: challenge = '', state = '' } = query;
    this.codes.set(code, { login, redirectUri, challenge });
    return { code, state };
  }

  /** What a person does on the page of their authorized apps. */
  revokeAuthorization(login: string): void {
    this.tokens = this.tokens.filter((tokens) => tokens.login !== login);
  }

  /** Only the token; the authorization and its refresh token stand. */
  revokeToken(access: string): void {
    for (const tokens of this.tokens) if (tokens.access === access) tokens.access = '';
  }

  isGood(access: string): boolean {
    return this.tokens.some((tokens) => tokens.access === access);
  }

  /** Undefined where the route is not of this part. */
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
    if (!this.clientSecrets.has(String(given['client_secret']))) return refuse('incorrect_client_credentials');
    if (given['grant_type'] === 'refresh_token') {
      const old = this.tokens.find(({ refresh }) => refresh === given['refresh_token']);
      if (!old) return refuse('bad_refresh_token');
      this.tokens = this.tokens.filter((tokens) => tokens !== old);
      return this.issue(old.login);
    }
    const code = this.codes.get(String(given['code']));
    this.codes.delete(String(given['code']));
    const verifier = String(given['code_verifier']);
    this.verifiers.push(verifier);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const fits = code?.challenge === challenge && code.redirectUri === given['redirect_uri'];
    return code && fits ? this.issue(code.login) : refuse('bad_verification_code');
  }

  private issue(login: string): object {
    const tokens = { login, access: this.secret(), refresh: this.lifetime === null ? undefined : this.secret() };
    this.tokens.push(tokens);
    const expiry = { expires_in: this.lifetime, refresh_token: tokens.refresh, refresh_token_expires_in: 15_897_600 };
    return { access_token: tokens.access, token_type: 'bearer', scope: '', ...(this.lifetime === null ? {} : expiry) };
  }

  private user(access: string): Answer {
    const found = this.tokens.find((tokens) => access !== '' && tokens.access === access);
    if (!found) return [401, { message: 'Bad credentials' }];
    if (this.suspended.has(found.login)) return [403, { message: 'Sorry. Your account was suspended.' }];
    return [
      200,
      { id: found.login.length, login: found.login, type: 'User', html_url: `http://localhost/${found.login}` },
    ];
  }

  private revoke(authorization: string, which: (tokens: Tokens) => boolean): Answer {
    const [, secret = ''] = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString('utf8').split(':');
    if (!this.clientSecrets.has(secret)) return [401, { message: 'Requires authentication' }];
    const kept = this.tokens.filter((tokens) => !which(tokens));
    if (kept.length === this.tokens.length) return [404, { message: 'Not Found' }];
    this.tokens = kept;
    return [204, null];
  }
}

function refuse(error: string): object {
  return { error, error_description: `The ${error} of the test.` };
}
