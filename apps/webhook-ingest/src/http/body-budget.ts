import { WebhookRejectedError } from './webhook-responses.rules.js';

export interface BudgetSettings {
  /** Bytes of all bodies in memory. */
  readonly totalBytes: number;
  /** Bodies up to this size are small: a quarter of the budget is reserved for them. */
  readonly smallBodyBytes: number;
}

/** The client and the target that the bytes of a body count against, besides the total. */
export interface BodyOrigin {
  /** Address of the client. */
  readonly address: string;
  /** The connection or app that the URL names. */
  readonly target: string;
  /** True if anybody can guess a valid target: ids of apps are small numbers, ids of connections are random. */
  readonly isGuessable: boolean;
}

/** Part of the budget that only small bodies may use: GitHub's usual payloads are below 100 KB. */
const RESERVED_SHARE = 1 / 4;
/**
 * Largest part of each pool for one client. Without `TRUSTED_PROXY_HOPS`, all servers behind a proxy share one address.
 */
const ADDRESS_SHARE = 1 / 2;
/** Largest part of each pool for one connection, or for one app id. */
const TARGET_SHARE = 1 / 2;
const GUESSABLE_TARGET_SHARE = 1 / 8;

/**
 * Limits the memory of bodies whose signature is not verified yet. An attacker who holds back large bodies can use up
 * neither the part for small ones nor more than the share of one address and one target, so that signed deliveries of
 * other connections still get through.
 */
export class BodyBudget {
  private readonly large: Pool;
  private readonly small: Pool;

  constructor(private readonly settings: BudgetSettings) {
    const reserved = Math.floor(settings.totalBytes * RESERVED_SHARE);
    this.small = new Pool(reserved);
    this.large = new Pool(settings.totalBytes - reserved);
  }

  /** Bytes that are reserved now. */
  get usedBytes(): number {
    return this.small.usedBytes + this.large.usedBytes;
  }

  /**
   * @param declaredBytes `Content-Length`, reserved at once; null for a chunked body, which reserves as it arrives
   * @throws WebhookRejectedError `overloaded`
   */
  reserve(origin: BodyOrigin, declaredBytes: number | null): Reservation {
    const isSmall = declaredBytes !== null && declaredBytes <= this.settings.smallBodyBytes;
    const reservation = new Reservation(isSmall ? this.small : this.large, origin);
    reservation.grow(declaredBytes ?? 0);
    return reservation;
  }
}

/** The bytes of one body. */
export class Reservation {
  private reserved = 0;

  constructor(
    private readonly pool: Pool,
    private readonly origin: BodyOrigin,
  ) {}

  /** Reserves up to `bytes` in total. @throws WebhookRejectedError `overloaded` */
  grow(bytes: number): void {
    const missing = bytes - this.reserved;
    if (missing <= 0) return;
    if (!this.pool.take(this.origin, missing)) throw new WebhookRejectedError('overloaded');
    this.reserved = bytes;
  }

  release(): void {
    this.pool.give(this.origin, this.reserved);
    this.reserved = 0;
  }
}

class Pool {
  private used = 0;
  private readonly byAddress = new Map<string, number>();
  private readonly byTarget = new Map<string, number>();

  constructor(private readonly bytes: number) {}

  get usedBytes(): number {
    return this.used;
  }

  take({ address, target, isGuessable }: BodyOrigin, bytes: number): boolean {
    const ofAddress = (this.byAddress.get(address) ?? 0) + bytes;
    const ofTarget = (this.byTarget.get(target) ?? 0) + bytes;
    if (this.used + bytes > this.bytes) return false;
    const targetShare = isGuessable ? GUESSABLE_TARGET_SHARE : TARGET_SHARE;
    if (this.exceeds(ofAddress, ADDRESS_SHARE, bytes) || this.exceeds(ofTarget, targetShare, bytes)) return false;
    this.used += bytes;
    this.byAddress.set(address, ofAddress);
    this.byTarget.set(target, ofTarget);
    return true;
  }

  give({ address, target }: BodyOrigin, bytes: number): void {
    this.used -= bytes;
    subtract(this.byAddress, address, bytes);
    subtract(this.byTarget, target, bytes);
  }

  /** A single body may be larger than a share: it is accepted while its client or target has no other. */
  private exceeds(sum: number, share: number, added: number): boolean {
    return sum > this.bytes * share && sum > added;
  }
}

function subtract(sums: Map<string, number>, key: string, bytes: number): void {
  const rest = (sums.get(key) ?? 0) - bytes;
  if (rest > 0) sums.set(key, rest);
  else sums.delete(key);
}
