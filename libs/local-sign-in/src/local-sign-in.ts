import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, SignJWT } from 'jose';
import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import { NotFoundError } from '@reunite/contracts';
import type { LocalUsers } from '@reunite/contracts';
import { LOCAL_ALGORITHM, openLocalKeys } from './local-keys.js';
import type { LocalKeys } from './local-keys.js';
import { localUsers } from './local-users.js';

const SESSION_SECONDS = 12 * 3_600;

/** Claims that the API expects in tokens. */
export interface TokenSettings {
  readonly issuer: string;
  readonly audience: string;
  /** Longest life of a token, in seconds. */
  readonly maxLifetimeSeconds: number;
}

/** Signs users of the local stack in. Issues tokens like those of Reunite's sign-in, signed with a key of its own. */
export class LocalSignIn {
  private constructor(
    private readonly keys: LocalKeys,
    private readonly expected: TokenSettings,
  ) {}

  static async open(file: string, expected: TokenSettings): Promise<LocalSignIn> {
    return new LocalSignIn(await openLocalKeys(file), expected);
  }

  users(): LocalUsers {
    return {
      users: localUsers.map(({ id, name, organizationName, roles }) => ({
        id,
        name,
        organizationName,
        roles: [...roles],
      })),
    };
  }

  jwks(): JSONWebKeySet {
    return { keys: [this.keys.publicJwk] };
  }

  keySet(): JWTVerifyGetKey {
    return createLocalJWKSet(this.jwks());
  }

  /** @returns the token and its lifetime */
  async signIn(userId: string): Promise<{ token: string; seconds: number }> {
    const user = localUsers.find(({ id }) => id === userId);
    if (!user) throw new NotFoundError(`There is no user "${userId}".`);
    const seconds = Math.min(SESSION_SECONDS, this.expected.maxLifetimeSeconds);
    const claims = { name: user.name, org: user.organizationId, org_name: user.organizationName, roles: user.roles };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: LOCAL_ALGORITHM, kid: this.keys.publicJwk.kid ?? '' })
      .setSubject(`local|${user.id}`)
      .setIssuer(this.expected.issuer)
      .setAudience(this.expected.audience)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${seconds}s`)
      .sign(this.keys.privateKey);
    return { token, seconds };
  }
}
