import type { ConnectedConnection } from '../connections/connections.js';

/** A token and when it stops being worth handing out. */
export interface TimedToken {
  readonly token: string;
  /** As the server said it, RFC 3339. */
  readonly expiresAt: string;
  /** Local time in ms. */
  readonly mintedAt: number;
  /** Local time in ms from which a new one is minted. */
  readonly renewAt: number;
}

interface Entry {
  readonly connection: ConnectedConnection;
  readonly token: Promise<TimedToken>;
  /** Absent while it is being minted. */
  minted?: TimedToken;
}

/** Tokens by their full key, in memory only. Callers with the same key share one request to the server. */
export class TokenCache {
  readonly #entries = new Map<string, Entry>();

  constructor(
    private readonly capacity = 10_000,
    private readonly now: () => number = Date.now,
  ) {}

  /** @returns the token if there is one that is worth handing out */
  held(key: string): TimedToken | undefined {
    const minted = this.#entries.get(key)?.minted;
    return minted && minted.renewAt > this.now() ? minted : undefined;
  }

  async get(connection: ConnectedConnection, key: string, mint: () => Promise<TimedToken>): Promise<TimedToken> {
    const held = this.#entries.get(key);
    if (held && (!held.minted || held.minted.renewAt > this.now())) return held.token;
    const entry: Entry = { connection, token: mint() };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    try {
      entry.minted = await entry.token;
      this.evict();
      return entry.minted;
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  /** Each that there are tokens of, as it was for one of them. */
  connections(): ConnectedConnection[] {
    return [...new Map([...this.#entries.values()].map(({ connection }) => [connection.id, connection])).values()];
  }

  /** Forgets the connection's tokens. @returns those that are still good, the ones on their way included */
  async drop(connectionId: string): Promise<string[]> {
    const dropped = [...this.#entries].filter(([, { connection }]) => connection.id === connectionId);
    for (const [key] of dropped) this.#entries.delete(key);
    const settled = await Promise.allSettled(dropped.map(([, { token }]) => token));
    return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value.token] : []));
  }

  /** The oldest go first: a Map keeps the order of insertion. */
  private evict(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.capacity) return;
      this.#entries.delete(key);
    }
  }
}
