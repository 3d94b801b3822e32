import { createHash } from 'node:crypto';
import { roles } from '@reunite/contracts';
import type { Role } from '@reunite/contracts';
import { errors, jwtVerify } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Caller } from './caller.js';
import { SignInUnavailableError } from './sign-in-unavailable.error.js';
import { UnauthenticatedError } from './unauthenticated.error.js';

/** Signatures only: no shared secrets, no `none`. */
const ALGORITHMS = ['ES256', 'ES384', 'EdDSA', 'PS256', 'RS256'];
const CLOCK_TOLERANCE_SECONDS = 5;

const claimsSchema = z.object({
  sub: z.string().min(1),
  exp: z.number(),
  iat: z.number().optional(),
  org: z.string().min(1),
  sid: z.string().min(1).max(200).optional(),
  jti: z.string().min(1).max(200).optional(),
  name: z.string().default(''),
  org_name: z.string().default(''),
  /** Unknown roles are ignored. */
  roles: z
    .array(z.string())
    .transform((claimed) => claimed.filter((role): role is Role => roles.includes(role as Role))),
});

export interface ExpectedTokens {
  readonly issuer: string;
  readonly audience: string;
  /** Longest life of a token, in seconds. Its roles stay granted until it expires. */
  readonly maxLifetimeSeconds: number;
}

/** Verifies the tokens (JWT) of callers with the keys of the issuer. */
export class TokenVerifier {
  constructor(
    private readonly keys: JWTVerifyGetKey,
    private readonly expected: ExpectedTokens,
  ) {}

  /** @throws UnauthenticatedError, or SignInUnavailableError if the keys cannot be read */
  async verify(token: string): Promise<Caller> {
    const claims = claimsSchema.safeParse(await this.payloadOf(token));
    if (!claims.success) throw new UnauthenticatedError('The token lacks a subject, an organization or roles.');
    const { sub, exp, iat, org, sid, jti, name, org_name: organizationName, roles: granted } = claims.data;
    this.assertShortLived(exp, iat);
    return {
      subject: sub,
      name: name || sub,
      organizationId: org,
      organizationName: organizationName || org,
      roles: granted,
      sessionId: sid ?? jti ?? createHash('sha256').update(token).digest('base64url'),
      expiresAt: new Date(exp * 1_000),
    };
  }

  /** A token without a time of issue, or with a future one, is judged by the life that it has left. */
  private assertShortLived(exp: number, iat: number | undefined): void {
    const { maxLifetimeSeconds } = this.expected;
    const now = Date.now() / 1_000;
    if (exp - Math.min(iat ?? now, now) <= maxLifetimeSeconds + CLOCK_TOLERANCE_SECONDS) return;
    throw new UnauthenticatedError(`The token lives longer than ${maxLifetimeSeconds} seconds, which is not allowed.`);
  }

  private async payloadOf(token: string): Promise<unknown> {
    try {
      const { issuer, audience } = this.expected;
      const options = { issuer, audience, algorithms: ALGORITHMS, clockTolerance: CLOCK_TOLERANCE_SECONDS };
      return (await jwtVerify(token, this.keys, { ...options, requiredClaims: ['exp', 'sub'] })).payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new UnauthenticatedError('The session has ended. Sign in again.');
      const isTokens = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout);
      if (isTokens) throw new UnauthenticatedError('The token is not valid here. Sign in again.');
      throw new SignInUnavailableError(error);
    }
  }
}
