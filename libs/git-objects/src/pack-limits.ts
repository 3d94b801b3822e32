import { LimitExceededError } from './limit-exceeded.error.js';

export interface PackLimits {
  /** Size of the pack as it came, in bytes; default 512 MiB. */
  readonly packBytes: number;
  /** Size of one object, in bytes; default 100 MiB, which is also what GHES takes at most. */
  readonly objectBytes: number;
  /** Size of everything in the pack together, inflated, in bytes; default 1 GiB. Reading holds up to this much in memory. */
  readonly inflatedBytes: number;
  /** Objects in the pack; default 1,000,000. */
  readonly objects: number;
  /** Deltas upon deltas within the pack; default 4,095, git's own bound. */
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

/** Holds one pack to its limits: ask before memory is taken. */
export class PackBudget {
  private inflated = 0;

  constructor(readonly limits: PackLimits) {}

  pack(bytes: number): void {
    this.hold('pack-too-large', this.limits.packBytes, bytes, `The pack has ${bytes} bytes`);
  }

  objectCount(count: number): void {
    this.hold('too-many-objects', this.limits.objects, count, `The pack holds ${count} objects`);
  }

  object(bytes: number): void {
    this.hold('object-too-large', this.limits.objectBytes, bytes, `An object has ${bytes} bytes`);
    this.inflated += bytes;
    const total = `The objects of the pack have more than ${this.limits.inflatedBytes} bytes together`;
    this.hold('inflated-too-large', this.limits.inflatedBytes, this.inflated, total);
  }

  depth(depth: number): void {
    this.hold('delta-chain-too-deep', this.limits.deltaDepth, depth, `An object is ${depth} deltas deep`);
  }

  private hold(code: LimitExceededError['code'], limit: number, value: number, what: string): void {
    if (value > limit) throw new LimitExceededError(code, limit, `${what}; the limit is ${limit}. ${REMEDY}`);
  }
}
