import { createAppAuth } from '@octokit/auth-app';
import type { StrategyOptions } from '@octokit/auth-app';
import { signAppJwt } from '@reunite/ghes-client';
import type { RsaSigner } from '@reunite/ghes-client';

/** Maximum lifetime of an app JWT in ms, from `signAppJwt`. */
const JWT_LIFETIME_MS = 540_000;

/** Authenticates one app at one server. */
export interface AppAuthentication {
  /** @returns a fresh app JWT. @throws InvalidPrivateKeyError, or the error of the signer */
  jwt(): Promise<string>;
}

export interface AppKey {
  readonly appId: number;
  readonly sign: RsaSigner;
  /** Seconds that the server's clock is ahead of ours. */
  readonly clockSkewSeconds: () => number;
}

type Request = NonNullable<StrategyOptions['request']>;

/**
 * App authentication by `@octokit/auth-app`, with our signer behind its `createJwt` hook: the private key never enters the
 * library, and the JWT is back-dated 60 s by the server's clock. Create one instance per connection. Only `type: 'app'` is
 * used: that path reads nothing but the instance's options. Its installation tokens are not used, because their cache and
 * their module-level map of pending requests are keyed without host and app.
 * See docs/decisions/0005-app-authentication-by-octokit.md.
 */
export function createAppAuthentication({ appId, sign, clockSkewSeconds }: AppKey): AppAuthentication {
  const createJwt = async () => ({
    jwt: await signAppJwt({ appId, sign, clockSkewSeconds: clockSkewSeconds() }),
    expiresAt: new Date(Date.now() + JWT_LIFETIME_MS).toISOString(),
  });
  const auth = createAppAuth({ appId, createJwt, request: rejectRequest as unknown as Request });
  return { jwt: async () => (await auth({ type: 'app' })).token };
}

/** The library's own requests would bypass the address guard and the pinned origin (P6). App authentication makes none. */
function rejectRequest(): never {
  throw new Error('App authentication makes no requests.');
}
