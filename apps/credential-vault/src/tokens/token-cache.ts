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
  readonly connectionId: string;
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

  async get(connectionId: string, key: string, mint: () => Promise<TimedToken>): Promise<TimedToken> {
    const held = this.#entries.get(key);
    if (held && (!held.minted || held.minted.renewAt > this.now())) return held.token;
    const entry: Entry = { connectionId, token: mint() };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    try {
      entry.minted = await entry.token;
      this.#evict();
      return entry.minted;
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  /** Forgets the connection's tokens. @returns those that are still good, the ones on their way included */
  async drop(connectionId: string): Promise<string[]> {
    const dropped = [...this.#entries].filter(([, entry]) => entry.connectionId === connectionId);
    for (const [key] of dropped) this.#entries.delete(key);
    const settled = await Promise.allSettled(dropped.map(([, { token }]) => token));
    return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value.token] : []));
  }

  /** The oldest go first: a Map keeps the order of insertion. */
  #evict(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.capacity) return;
      this.#entries.delete(key);
    }
  }
}
