import { LRUCache } from 'lru-cache';

/**
 * Reads a connection's secrets, the current one first. Empty if it has no app yet, null if there is no such connection.
 */
export type ReadSecrets = (connectionId: string) => Promise<readonly string[] | null>;

export interface SecretCacheSettings {
  /** Time for which a cached secret is used without reading it again, in milliseconds. */
  readonly freshMs: number;
  /** Time for which a cached secret is used while reads fail, in milliseconds. */
  readonly staleMs: number;
}

interface Entry {
  readonly secrets: readonly string[];
  readonly readAt: number;
  /** Time of the last attempt to read, successful or not. */
  readonly attemptedAt: number;
}

/** Minimum time between two reads for one connection, after a failure or a signature that does not match. */
const RETRY_MS = 5_000;
/** Time for which a missing connection is not looked up again. Ids are random, so it is not about to be created. */
const MISSING_MS = 5_000;
const MAX_ENTRIES = 10_000;

/** Caches webhook secrets in memory, and nowhere else. Concurrent reads for one connection share one request. */
export class WebhookSecrets {
  private readonly entries = new LRUCache<string, Entry>({ max: MAX_ENTRIES });
  private readonly missingSince = new LRUCache<string, number>({ max: MAX_ENTRIES });
  private readonly reading = new Map<string, Promise<readonly string[]>>();

  constructor(
    private readonly read: ReadSecrets,
    private readonly settings: SecretCacheSettings,
    private readonly now: () => number = Date.now,
  ) {}

  /** The secrets of a connection; empty if it has none or does not exist. @throws the error of the read */
  async of(connectionId: string): Promise<readonly string[]> {
    const entry = this.entries.get(connectionId);
    const now = this.now();
    if (entry && (now - entry.readAt < this.settings.freshMs || this.servesStale(entry, now))) return entry.secrets;
    if (now - (this.missingSince.get(connectionId) ?? -Infinity) < MISSING_MS) return [];
    return this.readOnce(connectionId);
  }

  /**
   * Reads again after a signature matched none of the secrets, which may have been replaced. Returns null if the last
   * read is recent: forged deliveries cannot cause more reads.
   */
  async renewed(connectionId: string): Promise<readonly string[] | null> {
    const entry = this.entries.get(connectionId);
    if (!entry || this.now() - entry.attemptedAt < RETRY_MS) return null;
    return this.readOnce(connectionId);
  }

  /** Serve the stale value while refreshes fail; retry at most every 5 s. */
  private servesStale(entry: Entry, now: number): boolean {
    return now - entry.attemptedAt < RETRY_MS && now - entry.readAt < this.settings.staleMs;
  }

  private readOnce(connectionId: string): Promise<readonly string[]> {
    const running = this.reading.get(connectionId);
    if (running) return running;
    const reading = this.refresh(connectionId).finally(() => this.reading.delete(connectionId));
    this.reading.set(connectionId, reading);
    return reading;
  }

  private async refresh(connectionId: string): Promise<readonly string[]> {
    const entry = this.entries.get(connectionId);
    const now = this.now();
    if (entry) this.entries.set(connectionId, { ...entry, attemptedAt: now });
    try {
      const secrets = await this.read(connectionId);
      this.entries.delete(connectionId);
      if (secrets === null) this.missingSince.set(connectionId, now);
      // Not cached: a connection without a secret may get one at any moment.
      else if (secrets.length > 0) this.entries.set(connectionId, { secrets, readAt: now, attemptedAt: now });
      return secrets ?? [];
    } catch (error) {
      if (entry && now - entry.readAt < this.settings.staleMs) return entry.secrets;
      throw error;
    }
  }
}
