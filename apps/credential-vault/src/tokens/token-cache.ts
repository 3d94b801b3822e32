import { LRUCache } from 'lru-cache';
import type { ConnectedConnection } from '../connections/connections.js';

export interface TimedToken {
  readonly token: string;
  /** Expiry by the server's clock, RFC 3339. */
  readonly expiresAt: string;
  /** Local time in ms. */
  readonly mintedAt: number;
  /** Local time in ms from which the token is no longer handed out. */
  readonly renewAt: number;
}

interface Entry {
  readonly connection: ConnectedConnection;
  readonly token: Promise<TimedToken>;
  /** Absent while the token is being minted. */
  // eslint-disable-next-line no-restricted-syntax -- set once `token` is resolved
  minted?: TimedToken;
}

const MAX_TOKENS = 10_000;

/** Installation tokens by their full key, in memory only. Callers with the same key share one request to the server. */
export class TokenCache {
  // eslint-disable-next-line no-restricted-syntax -- tokens are secret
  readonly #entries: LRUCache<string, Entry>;

  constructor(
    capacity = MAX_TOKENS,
    private readonly now: () => number = Date.now,
  ) {
    this.#entries = new LRUCache({ max: capacity });
  }

  /** @returns the token, unless it is absent, being minted or due for renewal */
  cached(key: string): TimedToken | undefined {
    const minted = this.#entries.get(key)?.minted;
    return minted && minted.renewAt > this.now() ? minted : undefined;
  }

  async get(connection: ConnectedConnection, key: string, mint: () => Promise<TimedToken>): Promise<TimedToken> {
    const existing = this.#entries.get(key);
    if (existing && (!existing.minted || existing.minted.renewAt > this.now())) return existing.token;
    const entry: Entry = { connection, token: mint() };
    this.#entries.set(key, entry);
    try {
      entry.minted = await entry.token;
      return entry.minted;
    } catch (error) {
      if (this.#entries.peek(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  /** Every connection with at least one token. */
  connections(): ConnectedConnection[] {
    return [...new Map([...this.#entries.values()].map(({ connection }) => [connection.id, connection])).values()];
  }

  /** Removes the connection's tokens. @returns the removed tokens, including those that are being minted */
  async drop(connectionId: string): Promise<string[]> {
    const dropped = ([...this.#entries.rentries()] as [string, Entry][]).filter(
      ([, { connection }]) => connection.id === connectionId,
    );
    for (const [key] of dropped) this.#entries.delete(key);
    const results = await Promise.allSettled(dropped.map(([, { token }]) => token));
    return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.token] : []));
  }
}
