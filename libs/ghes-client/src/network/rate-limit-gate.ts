import { GhesRateLimitedError } from '../errors/rate-limited.error.js';

/** For what concerns every caller of the connection. */
const everybody = 'everybody';

/**
 * Remembers until when a server wants to be left alone, so that further calls fail at once instead of making it worse. A primary limit is
 * the quota of one caller (an installation, a user) on one part of the API. A secondary limit is about load and is held against the app
 * as a whole, so it stops all calls of the connection.
 * https://docs.github.com/enterprise-server@latest/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
 */
export class RateLimitGate {
  readonly #limits = new Map<string, { kind: 'primary' | 'secondary'; until: Date }>();

  /** @throws GhesRateLimitedError while a limit holds for the quota or for everybody */
  assertOpen(quota: string | undefined, subject: string): void {
    const now = Date.now();
    for (const key of quota === undefined ? [everybody] : [everybody, quota]) {
      const limit = this.#limits.get(key);
      if (limit === undefined) continue;
      if (limit.until.getTime() <= now) {
        this.#limits.delete(key);
        continue;
      }
      const message = `${subject} was not sent: the server's ${limit.kind} rate limit holds until ${limit.until.toISOString()}.`;
      throw new GhesRateLimitedError(message, limit.kind, limit.until);
    }
  }

  /** Takes note of a limit; other errors pass by. The later of two ends counts. */
  learn(quota: string, error: unknown): void {
    if (!(error instanceof GhesRateLimitedError)) return;
    const key = error.kind === 'primary' ? quota : everybody;
    const known = this.#limits.get(key);
    if (known === undefined || known.until < error.until)
      this.#limits.set(key, { kind: error.kind, until: error.until });
  }
}
