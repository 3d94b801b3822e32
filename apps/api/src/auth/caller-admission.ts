import { ForbiddenError, includesRole } from '@reunite/contracts';
import type { Role } from '@reunite/contracts';
import type { RateLimits } from '../limits/rate-limits.js';
import type { Caller } from './caller.js';
import type { TokenVerifier } from './token-verifier.js';
import { UnauthenticatedError } from './unauthenticated.error.js';

/** Decides whether a call may go on: token, rate limit, role. The same for HTTP and gRPC. */
export class CallerAdmission {
  constructor(
    private readonly tokens: TokenVerifier,
    private readonly rates: RateLimits,
  ) {}

  /** @throws UnauthenticatedError, RateLimitedError, ForbiddenError */
  async admit(token: string | undefined, role: Role): Promise<Caller> {
    if (token === undefined) throw new UnauthenticatedError('Sign in first.');
    const caller = await this.tokens.verify(token);
    await this.rates.consume(caller);
    if (!includesRole(caller.roles, role)) {
      const own = caller.roles.join(', ') || 'none';
      throw new ForbiddenError(`This needs the role "${role}" in ${caller.organizationName}; yours: ${own}.`);
    }
    return caller;
  }
}
