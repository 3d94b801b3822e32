import { ForbiddenError, includesRole } from '@reunite/contracts';
import type { Role } from '@reunite/contracts';
import type { EndedSessions } from '@reunite/database';
import { LRUCache } from 'lru-cache';
import type { RateLimits } from '../limits/rate-limits.js';
import type { Caller } from './caller.js';
import type { TokenVerifier } from './token-verifier.js';
import { UnauthenticatedError } from './unauthenticated.error.js';

/** Maximum time for which a replica accepts a session that another replica ended. */
const SESSION_CACHE_MS = 5_000;

/** Admits calls over HTTP and gRPC: verifies the token, the rate limit and the role. */
export class CallerAdmission {
  private readonly ended = new LRUCache<string, boolean>({ max: 10_000, ttl: SESSION_CACHE_MS });

  constructor(
    private readonly tokens: Pick<TokenVerifier, 'verify'>,
    private readonly rates: RateLimits,
    private readonly sessions: EndedSessions,
  ) {}

  /** @throws UnauthenticatedError, RateLimitedError, ForbiddenError */
  async admit(token: string | undefined, role: Role): Promise<Caller> {
    if (token === undefined) throw new UnauthenticatedError('Sign in first.');
    const caller = await this.tokens.verify(token);
    if (await this.isEnded(caller.sessionId)) throw new UnauthenticatedError('The session has ended. Sign in again.');
    await this.rates.consume(caller);
    if (!includesRole(caller.roles, role)) {
      const own = caller.roles.join(', ') || 'none';
      throw new ForbiddenError(`This needs the role "${role}" in ${caller.organizationName}; yours: ${own}.`);
    }
    return caller;
  }

  /**
   * Ends the session of a token, so that no other request with it is admitted. Ignores a token that is not valid.
   * Writes nothing if the session has ended; that is not counted either, or a stolen token of it could use up the
   * caller's requests.
   *
   * @throws RateLimitedError
   */
  async endSession(token: string): Promise<Caller | null> {
    const caller = await this.tokens.verify(token).catch(() => null);
    if (caller === null) return null;
    if (await this.isEnded(caller.sessionId)) return caller;
    await this.rates.consume(caller);
    await this.sessions.end(caller, caller.expiresAt);
    this.ended.set(caller.sessionId, true);
    return caller;
  }

  private async isEnded(sessionId: string): Promise<boolean> {
    const cached = this.ended.get(sessionId);
    if (cached !== undefined) return cached;
    const isEnded = await this.sessions.isEnded(sessionId);
    this.ended.set(sessionId, isEnded);
    return isEnded;
  }
}
