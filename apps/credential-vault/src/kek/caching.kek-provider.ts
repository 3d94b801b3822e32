import { createHash } from 'node:crypto';
import { isCoded } from '@reunite/contracts';
import type { KekProvider, KekReference, WrappedKey } from './kek-provider.js';

interface Held {
  readonly dek: Buffer;
  readonly unwrappedAt: number;
}

/** A data key is asked for again after this long: a key that was disabled at the service stops working here. */
const FRESH_MS = 300_000;
/** While the service is away its answers are believed for this long. */
const STALE_MS = 3_600_000;
const CAPACITY = 10_000;

/** In front of a remote provider: unwrapped data keys stay in memory for a bounded time, so that short outages pass. */
export class CachingKekProvider implements KekProvider {
  readonly #held = new Map<string, Held>();

  constructor(
    private readonly remote: KekProvider,
    private readonly now: () => number = Date.now,
  ) {}

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
    const held = this.#held.get(key);
    const age = held ? this.now() - held.unwrappedAt : Infinity;
    if (held && age < FRESH_MS) return Buffer.from(held.dek);
    try {
      const dek = await this.remote.unwrap(wrapped, associatedData);
      this.#forget(key);
      this.#held.set(key, { dek: Buffer.from(dek), unwrappedAt: this.now() });
      this.#evict();
      return dek;
    } catch (error) {
      const passes = isCoded(error) && error.retryable;
      if (held && passes && age < STALE_MS) return Buffer.from(held.dek);
      this.#forget(key);
      throw error;
    }
  }

  /** The oldest go first, and whatever is too old even for an outage. */
  #evict(): void {
    for (const [key, { unwrappedAt }] of this.#held) {
      if (this.#held.size <= CAPACITY && this.now() - unwrappedAt < STALE_MS) return;
      this.#forget(key);
    }
  }

  #forget(key: string): void {
    this.#held.get(key)?.dek.fill(0);
    this.#held.delete(key);
  }
}
