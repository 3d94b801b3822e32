/** Asks for a connection's secrets, the current one first: none where it has no app yet, null where it does not exist. */
export type ReadSecrets = (connectionId: string) => Promise<readonly string[] | null>;

export interface SecretCacheSettings {
  /** How long an answer is used without asking again. */
  readonly freshMs: number;
  /** How long an answer is used while asking fails. */
  readonly staleMs: number;
}

interface Known {
  readonly secrets: readonly string[];
  readonly readAt: number;
  /** Of the last question, answered or not. */
  askedAt: number;
}

/** Between two questions for one connection, whatever is the reason: a failure, or signatures that do not match. */
const ASK_AGAIN_MS = 5_000;
/** Ids are random: one that does not exist now will not exist soon. */
const UNKNOWN_MS = 5_000;
const MOST_ENTRIES = 10_000;

/** Webhook secrets in memory, and nowhere else. One question at a time for a connection. */
export class WebhookSecrets {
  private readonly known = new Map<string, Known>();
  private readonly unknown = new Map<string, number>();
  private readonly asking = new Map<string, Promise<readonly string[]>>();

  constructor(
    private readonly read: ReadSecrets,
    private readonly settings: SecretCacheSettings,
    private readonly now: () => number = Date.now,
  ) {}

  /** A connection's secrets; none where it has none or does not exist. Throws what reading throws. */
  async of(connectionId: string): Promise<readonly string[]> {
    const entry = this.known.get(connectionId);
    const now = this.now();
    if (entry && (now - entry.readAt < this.settings.freshMs || this.waits(entry, now))) return entry.secrets;
    if (now - (this.unknown.get(connectionId) ?? -Infinity) < UNKNOWN_MS) return [];
    return this.ask(connectionId);
  }

  /**
   * Asks again, because a signature matches none of the secrets and they may have been replaced. Null where it was asked
   * just now: forged deliveries cannot make it ask more often.
   */
  async renewed(connectionId: string): Promise<readonly string[] | null> {
    const entry = this.known.get(connectionId);
    if (!entry || this.now() - entry.askedAt < ASK_AGAIN_MS) return null;
    return this.ask(connectionId);
  }

  /** While asking fails, the old answer serves, and not every request tries anew. */
  private waits(entry: Known, now: number): boolean {
    return now - entry.askedAt < ASK_AGAIN_MS && now - entry.readAt < this.settings.staleMs;
  }

  private ask(connectionId: string): Promise<readonly string[]> {
    const asked = this.asking.get(connectionId);
    if (asked) return asked;
    const asking = this.askOnce(connectionId).finally(() => this.asking.delete(connectionId));
    this.asking.set(connectionId, asking);
    return asking;
  }

  private async askOnce(connectionId: string): Promise<readonly string[]> {
    const entry = this.known.get(connectionId);
    const now = this.now();
    if (entry) entry.askedAt = now;
    try {
      const secrets = await this.read(connectionId);
      this.known.delete(connectionId);
      if (secrets === null) put(this.unknown, connectionId, now);
      // A connection without a secret gets one at any moment: the next delivery asks again.
      else if (secrets.length > 0) put(this.known, connectionId, { secrets, readAt: now, askedAt: now });
      return secrets ?? [];
    } catch (error) {
      if (entry && now - entry.readAt < this.settings.staleMs) return entry.secrets;
      throw error;
    }
  }
}

/** The oldest entry makes room. */
function put<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  if (map.size >= MOST_ENTRIES) {
    for (const oldest of map.keys()) {
      map.delete(oldest);
      break;
    }
  }
  map.set(key, value);
}
