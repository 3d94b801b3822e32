import { LimitExceededError } from './limit-exceeded.error.js';
import { PackMemoryError } from './pack-memory.error.js';

export interface PackLimits {
  /** Size of the pack, in bytes. Default: 512 MiB. */
  readonly packBytes: number;
  /** Size of one object, in bytes. Default: 100 MiB, which is also the limit of GHES. */
  readonly objectBytes: number;
  /** Inflated size of all objects of the pack, in bytes; kept in memory while it is read. Default: 1 GiB. */
  readonly inflatedBytes: number;
  /** Objects in the pack. Default: 1,000,000. */
  readonly objects: number;
  /** Length of a chain of deltas within the pack. Default: 4,095, git's own limit. */
  readonly deltaDepth: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_PACK_LIMITS: PackLimits = {
  packBytes: 512 * MIB,
  objectBytes: 100 * MIB,
  inflatedBytes: 1024 * MIB,
  objects: 1_000_000,
  deltaDepth: 4095,
};

const REMEDY = 'Keep large files out of the repository (Git LFS), or raise the limit.';

/** Inflated bytes of all packs that are read at the same time. */
export class PackMemory {
  private used = 0;

  constructor(private readonly maxBytes: number) {}

  /** @throws PackMemoryError, which is retryable, if too few bytes are free */
  take(bytes: number): void {
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
export const PROCESS_PACK_MEMORY = new PackMemory(1536 * MIB);

/** Checks one pack against its limits, before memory is allocated. Call {@link PackBudget.release} when it is done. */
export class PackBudget {
  private inflated = 0;

  constructor(
    readonly limits: PackLimits,
    private readonly memory: PackMemory,
  ) {}

  pack(bytes: number): void {
    this.check('pack-too-large', this.limits.packBytes, bytes, `The pack has ${bytes} bytes`);
  }

  objectCount(count: number): void {
    this.check('too-many-objects', this.limits.objects, count, `The pack has ${count} objects`);
  }

  object(bytes: number): void {
    this.check('object-too-large', this.limits.objectBytes, bytes, `An object has ${bytes} bytes`);
    const total = `The objects of the pack have more than ${this.limits.inflatedBytes} bytes together`;
    this.check('inflated-too-large', this.limits.inflatedBytes, this.inflated + bytes, total);
    this.memory.take(bytes);
    this.inflated += bytes;
  }

  depth(depth: number): void {
    this.check('delta-chain-too-deep', this.limits.deltaDepth, depth, `A chain has ${depth} deltas`);
  }

  release(): void {
    this.memory.release(this.inflated);
    this.inflated = 0;
  }

  private check(code: LimitExceededError['code'], limit: number, value: number, what: string): void {
    if (value > limit) throw new LimitExceededError(code, limit, `${what}; the limit is ${limit}. ${REMEDY}`);
  }
}
