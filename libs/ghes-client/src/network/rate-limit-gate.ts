import { GhesRateLimitedError } from '../errors/rate-limited.error.js';

/** Key of limits that apply to every caller of the connection. */
const WHOLE_CONNECTION = 'connection';

/**
 * Remembers a server's rate limits, so that further calls fail at once instead of extending them. A primary limit is
 * the quota of one caller (an installation, a user) on one part of the API. A secondary limit is about load and applies
 * to the whole app, so it stops all calls of the connection.
 * https://docs.github.com/enterprise-server@latest/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
 */
export class RateLimitGate {
  private readonly limits = new Map<string, { readonly kind: 'primary' | 'secondary'; readonly until: Date }>();

  /** @throws GhesRateLimitedError while a limit applies to the quota or the whole connection */
  assertOpen(quota: string | undefined, subject: string): void {
    const now = Date.now();
    for (const key of quota === undefined ? [WHOLE_CONNECTION] : [WHOLE_CONNECTION, quota]) {
      const limit = this.limits.get(key);
      if (limit === undefined) continue;
      if (limit.until.getTime() <= now) {
        this.limits.delete(key);
        continue;
      }
      const message = `${subject} was not sent: the server's ${limit.kind} rate limit applies until ${limit.until.toISOString()}.`;
      throw new GhesRateLimitedError(message, limit.kind, limit.until);
    }
  }

  /** Stores the limit of a GhesRateLimitedError, the later one of two; ignores other errors. */
  learn(quota: string, error: unknown): void {
    if (!(error instanceof GhesRateLimitedError)) return;
    const key = error.kind === 'primary' ? quota : WHOLE_CONNECTION;
    const existing = this.limits.get(key);
    if (existing === undefined || existing.until < error.until)
      this.limits.set(key, { kind: error.kind, until: error.until });
  }
}
