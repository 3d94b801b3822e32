import { createHash } from 'node:crypto';
import { Repeating } from '@reunite/concurrency';
import { LRUCache } from 'lru-cache';
import type { KekProvider, KekReference, WrappedKey } from './kek-provider.js';
import { KekUnavailableError } from './kek-unavailable.error.js';

interface UnwrappedKey {
  readonly dek: Buffer;
  readonly unwrappedAt: number;
}

/**
 * Time in ms after which a data key is unwrapped again, so that a key that was disabled at the service stops working.
 */
const FRESH_MS = 300_000;
/** Maximum age in ms of a data key that is used while the service is unavailable. */
const STALE_MS = 3_600_000;
/** Pause in ms after a failure before the service is called again for data keys that are cached. */
const BACKOFF_MS = 15_000;
const PURGE_MS = 60_000;
const MAX_KEYS = 10_000;

/** Caches the data keys that a remote provider unwrapped, for a bounded time, to bridge short outages. */
export class CachingKekProvider implements KekProvider {
  /** Removed keys are zeroed. */
  // eslint-disable-next-line no-restricted-syntax -- data keys are secret
  readonly #keys: LRUCache<string, UnwrappedKey>;
  private backoffUntil = 0;

  constructor(
    private readonly remote: KekProvider,
    private readonly now: () => number = Date.now,
  ) {
    this.#keys = new LRUCache({
      max: MAX_KEYS,
      ttl: STALE_MS,
      perf: { now },
      dispose: ({ dek }) => dek.fill(0),
    });
    new Repeating(() => void this.#keys.purgeStale(), { intervalMs: PURGE_MS, onError: () => undefined }).start();
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
    // The key covers the associated data: what the service would reject must not be answered from the cache.
    const key = createHash('sha256').update(associatedData).update(wrapped.wrappedDek).digest('base64');
    const cached = this.read(key, this.now() < this.backoffUntil ? STALE_MS : FRESH_MS);
    if (cached) return cached;
    try {
      const dek = await this.remote.unwrap(wrapped, associatedData);
      this.#keys.set(key, { dek: Buffer.from(dek), unwrappedAt: this.now() });
      return dek;
    } catch (error) {
      const isUnavailable = error instanceof KekUnavailableError;
      if (isUnavailable) this.backoffUntil = this.now() + BACKOFF_MS;
      // Read again: a concurrent call may have unwrapped it meanwhile.
      const stale = isUnavailable ? this.read(key, STALE_MS) : undefined;
      if (stale) return stale;
      this.#keys.delete(key);
      throw error;
    }
  }

  /** @returns a copy, which the caller zeroes */
  private read(key: string, maximumAgeMs: number): Buffer | undefined {
    const cached = this.#keys.get(key);
    return cached && this.now() - cached.unwrappedAt < maximumAgeMs ? Buffer.from(cached.dek) : undefined;
  }
}
