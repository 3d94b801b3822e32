import { LimitExceededError } from './limit-exceeded.error.js';
import { PackMemoryError } from './pack-memory.error.js';

export interface PackLimits {
  /** Size of the pack, in bytes. Default: 4 GiB. */
  readonly packBytes: number;
  /** Size of one object, in bytes. Default: 512 MiB. GHES accepts files of 100 MB unless its owner raises that. */
  readonly objectBytes: number;
  /** Inflated size of all objects of the pack, in bytes, which limits the processor time. Default: 16 GiB. */
  readonly inflatedBytes: number;
  /** Size to which any pack may inflate, in bytes. Default: 1 GiB. */
  readonly freeInflatedBytes: number;
  /**
   * Inflated size of the objects that were read, as a multiple of the pack's bytes up to there. Applies beyond
   * `freeInflatedBytes`, so that a small pack cannot use the processor for minutes. Default: 64; files of text have about 4.
   */
  readonly expansion: number;
  /** Objects in the pack. Default: 1,000,000. */
  readonly objects: number;
  /** Length of a chain of deltas within the pack. Default: 4,095, git's own limit. */
  readonly deltaDepth: number;
}

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

export const DEFAULT_PACK_LIMITS: PackLimits = {
  packBytes: 4 * GIB,
  objectBytes: 512 * MIB,
  inflatedBytes: 16 * GIB,
  freeInflatedBytes: GIB,
  expansion: 64,
  objects: 1_000_000,
  deltaDepth: 4095,
};

const REMEDY = 'Keep large files out of the repository (Git LFS), or raise the limit.';

/** Memory that all packs share for objects that are too large for the memory that each pack has. */
export class PackMemory {
  private used = 0;

  constructor(readonly maxBytes: number) {}

  /**
   * @param own bytes that the caller has taken already
   * @throws PackMemoryError, which is retryable, if too few bytes are free; LimitExceededError if they can never be
   */
  take(bytes: number, own: number): void {
    if (own + bytes > this.maxBytes) {
      const message = `A delta needs ${own + bytes} bytes of memory; the limit is ${this.maxBytes}. ${REMEDY}`;
      throw new LimitExceededError('object-too-large', this.maxBytes, message);
    }
    if (this.used + bytes > this.maxBytes) throw new PackMemoryError(this.maxBytes);
    this.used += bytes;
  }

  release(bytes: number): void {
    this.used -= bytes;
  }
}

/**
 * Shared by all packs of the process: 1 MB of pack can inflate to 1 GiB, so that a few syncs of a hostile server would
 * otherwise exhaust the memory of all tenants.
 */
export const PROCESS_PACK_MEMORY = new PackMemory(512 * MIB);

/** Checks one pack against its limits, before memory is allocated. */
export class PackBudget {
  private inflated = 0;
  private repeated = 0;

  constructor(readonly limits: PackLimits) {}

  pack(bytes: number): void {
    this.check('pack-too-large', this.limits.packBytes, bytes, `The pack has ${bytes} bytes`);
  }

  objectCount(count: number): void {
    this.check('too-many-objects', this.limits.objects, count, `The pack has ${count} objects`);
  }

  /** @param read bytes of the pack before the object */
  object(bytes: number, read: number): void {
    this.check('object-too-large', this.limits.objectBytes, bytes, `An object has ${bytes} bytes`);
    this.inflated += bytes;
    this.checkInflated('objects', this.inflated, read);
  }

  /**
   * Bases that are inflated again, because they did not stay in memory.
   *
   * @param read as in {@link object}
   */
  again(bytes: number, read: number): void {
    this.repeated += bytes;
    this.checkInflated('bases of the deltas', this.repeated, read);
  }

  private checkInflated(name: string, bytes: number, read: number): void {
    const { inflatedBytes, freeInflatedBytes, expansion } = this.limits;
    const limit = Math.min(inflatedBytes, Math.max(freeInflatedBytes, expansion * read));
    this.check('inflated-too-large', limit, bytes, `The ${name} that were read have ${bytes} bytes together`);
  }

  depth(depth: number): void {
    this.check('delta-chain-too-deep', this.limits.deltaDepth, depth, `A chain has ${depth} deltas`);
  }

  private check(code: LimitExceededError['code'], limit: number, value: number, what: string): void {
    if (value > limit) throw new LimitExceededError(code, limit, `${what}; the limit is ${limit}. ${REMEDY}`);
  }
}
