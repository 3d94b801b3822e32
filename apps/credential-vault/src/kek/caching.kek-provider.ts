import { createHash } from 'node:crypto';
import type { KekProvider, KekReference, WrappedKey } from './kek-provider.js';
import { KekUnavailableError } from './kek-unavailable.error.js';

interface Held {
  readonly dek: Buffer;
  readonly unwrappedAt: number;
}

/** A data key is asked for again after this long: a key that was disabled at the service stops working here. */
const FRESH_MS = 300_000;
/** While the service is away its answers are believed for this long. */
const STALE_MS = 3_600_000;
/** After it failed it is left alone for this long by those who have an answer from before. */
const REST_MS = 15_000;
const SWEEP_MS = 60_000;
const CAPACITY = 10_000;

/** In front of a remote provider: unwrapped data keys stay in memory for a bounded time, so that short outages pass. */
export class CachingKekProvider implements KekProvider {
  readonly #held = new Map<string, Held>();
  private restsUntil = 0;

  constructor(
    private readonly remote: KekProvider,
    private readonly now: () => number = Date.now,
  ) {
    setInterval(() => this.evict(), SWEEP_MS).unref();
  }

  knows(kek: KekReference): boolean {
    return this.remote.knows(kek);
  }

  current(): Promise<KekReference> {
    return this.remote.current();
  }

  wrap(dek: Buffer, associatedData: Buffer): Promise<WrappedKey> {
    return this.remote.wrap(dek, associatedData);
  }

  async unwrap(wrapped: WrappedKey, associatedData: Buffer): Promise<Buffer> {
    // Both are in the key: associated data that the remote would refuse must not be answered from here.
    const key = createHash('sha256').update(associatedData).update(wrapped.wrappedDek).digest('base64');
    const held = this.read(key, this.now() < this.restsUntil ? STALE_MS : FRESH_MS);
    if (held) return held;
    try {
      const dek = await this.remote.unwrap(wrapped, associatedData);
      this.forget(key);
      this.#held.set(key, { dek: Buffer.from(dek), unwrappedAt: this.now() });
      this.evict();
      return dek;
    } catch (error) {
      const away = error instanceof KekUnavailableError;
      if (away) this.restsUntil = this.now() + REST_MS;
      // Looked up anew: another caller's answer may have taken the place of the one from before.
      const stale = away ? this.read(key, STALE_MS) : undefined;
      if (stale) return stale;
      this.forget(key);
      throw error;
    }
  }

  /** A copy, for the caller to zero, of what is not older than this. */
  private read(key: string, maximumAgeMs: number): Buffer | undefined {
    const held = this.#held.get(key);
    return held && this.now() - held.unwrappedAt < maximumAgeMs ? Buffer.from(held.dek) : undefined;
  }

  /** The oldest go first, and whatever is too old even for an outage. */
  private evict(): void {
    for (const [key, { unwrappedAt }] of this.#held) {
      if (this.#held.size <= CAPACITY && this.now() - unwrappedAt < STALE_MS) return;
      this.forget(key);
    }
  }

  private forget(key: string): void {
    this.#held.get(key)?.dek.fill(0);
    this.#held.delete(key);
  }
}
