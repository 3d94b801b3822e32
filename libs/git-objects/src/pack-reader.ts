import { applyDelta, deltaResultSize } from './delta.js';
import { MalformedObjectError } from './malformed-object.error.js';
import { MissingDeltaBaseError } from './missing-delta-base.error.js';
import { hashObject } from './object.js';
import type { GitObject, ObjectId, ObjectType } from './object.js';
import { readPackEntry } from './pack-entry.js';
import type { PackEntry } from './pack-entry.js';
import { PACK_HEADER_BYTES, readPackFrame } from './pack-frame.js';
import { DEFAULT_PACK_LIMITS, PackBudget } from './pack-limits.js';
import type { PackLimits } from './pack-limits.js';

export interface PackObject extends GitObject {
  readonly id: ObjectId;
  /** Where its entry starts in the pack, and how long it is there, in bytes. */
  readonly offset: number;
  readonly length: number;
  /** The object that the entry is a difference to; null when it stands alone. */
  readonly base: ObjectId | null;
  /** How many deltas of this pack lie between it and an object in full; 1 for a delta upon an object outside the pack. */
  readonly depth: number;
}

export interface ReadPackOptions {
  /** Gives the bases of a thin pack, or null for what is not held. Default: none is. */
  readonly resolveBase?: (id: ObjectId) => Promise<GitObject | null> | GitObject | null;
  readonly limits?: Partial<PackLimits>;
  /** Awaited every thousand entries, so that a large pack does not hold up a process that has other things to do. */
  readonly pause?: () => Promise<unknown>;
}

/** How many entries are read or resolved without a pause. */
const STRIDE = 1000;

/** An entry that is yet to become an object; its bytes are dropped as soon as it has. */
interface Pending {
  readonly offset: number;
  readonly length: number;
  entry: PackEntry | null;
}

/** What an entry can be applied to: an object and its place in a chain. */
interface Resolved extends GitObject {
  readonly id: ObjectId;
  readonly depth: number;
}

/**
 * Reads every object of a pack: inflates it, applies deltas, hashes it. Objects come when they are known, each after its base, which need
 * not be the order of the pack. Nothing may be trusted before the last one came: a later entry can still be refused.
 *
 * @throws MalformedObjectError for anything that git would not write; MissingDeltaBaseError for a thin pack whose base is not held;
 *   LimitExceededError past a limit, before memory is taken for what passes it.
 */
export async function* readPack(pack: Buffer, options: ReadPackOptions = {}): AsyncGenerator<PackObject> {
  const budget = new PackBudget({ ...DEFAULT_PACK_LIMITS, ...options.limits });
  budget.pack(pack.length);
  const { count, end } = readPackFrame(pack);
  budget.objectCount(count);
  const entries = new PackEntries();
  let at = PACK_HEADER_BYTES;
  for (let index = 0; index < count; index++) {
    if (index % STRIDE === 0) await options.pause?.();
    const entry = readPackEntry(pack, at, (bytes) => budget.object(bytes));
    entries.add({ offset: at, length: entry.end - at, entry });
    at = entry.end;
  }
  if (at !== end) throw new MalformedObjectError('The pack is malformed: it does not hold the objects it announces.');
  let yielded = 0;
  for await (const object of resolveAll(entries, options.resolveBase ?? (() => null), budget)) {
    if (++yielded % STRIDE === 0) await options.pause?.();
    yield object;
  }
}

/** The entries of a pack, deltas kept by what they wait for. */
class PackEntries {
  readonly full: Pending[] = [];
  private readonly offsets = new Set<number>();
  private readonly waitingForOffset = new Map<number, Pending[]>();
  private readonly waitingForId = new Map<ObjectId, Pending[]>();

  add(pending: Pending): void {
    const { entry, offset } = pending;
    this.offsets.add(offset);
    if (entry?.kind === 'ref-delta') push(this.waitingForId, entry.baseId, pending);
    else if (entry?.kind === 'ofs-delta') {
      const base = offset - entry.distance;
      if (base === offset || !this.offsets.has(base))
        throw new MalformedObjectError('The pack is malformed: a delta has no base.');
      push(this.waitingForOffset, base, pending);
    } else this.full.push(pending);
  }

  /** The deltas upon an object, once. */
  take(id: ObjectId, offset: number | null): Pending[] {
    const byId = this.waitingForId.get(id) ?? [];
    this.waitingForId.delete(id);
    return offset === null ? byId : [...byId, ...(this.waitingForOffset.get(offset) ?? [])];
  }

  missingBases(): ObjectId[] {
    return [...this.waitingForId.keys()];
  }
}

async function* resolveAll(
  entries: PackEntries,
  resolveBase: NonNullable<ReadPackOptions['resolveBase']>,
  budget: PackBudget,
): AsyncGenerator<PackObject> {
  for (const pending of entries.full) yield* resolveFamily([{ pending, base: null }], entries, budget);
  for (const id of entries.missingBases()) {
    const outside = await resolveBase(id);
    if (!outside) continue; // it may yet come out of a delta of this pack
    const base: Resolved = { ...outside, id, depth: 0 };
    const family = entries.take(id, null).map((pending) => ({ pending, base }));
    yield* resolveFamily(family, entries, budget);
  }
  const [missing] = entries.missingBases();
  if (missing !== undefined) throw new MissingDeltaBaseError(missing);
}

/** Resolves entries and everything that builds on them. Depth first, so that few bodies are held at a time. */
function* resolveFamily(
  stack: { pending: Pending; base: Resolved | null }[],
  entries: PackEntries,
  budget: PackBudget,
): Generator<PackObject> {
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { pending, base } = next;
    if (!pending.entry) continue;
    const { type, body } = materialize(pending.entry, base, budget);
    const { offset, length } = pending;
    pending.entry = null;
    const object = { id: hashObject(type, body), type, body, depth: base ? base.depth + 1 : 0 };
    budget.depth(object.depth);
    for (const child of entries.take(object.id, offset)) stack.push({ pending: child, base: object });
    yield { ...object, offset, length, base: base?.id ?? null };
  }
}

function materialize(entry: PackEntry, base: Resolved | null, budget: PackBudget): { type: ObjectType; body: Buffer } {
  if (entry.kind === 'full') return { type: entry.type, body: entry.data };
  if (!base) throw new TypeError('A delta is resolved after its base.');
  budget.object(deltaResultSize(entry.data));
  return { type: base.type, body: applyDelta(base.body, entry.data) };
}

function push<K>(map: Map<K, Pending[]>, key: K, pending: Pending): void {
  const list = map.get(key);
  if (list) list.push(pending);
  else map.set(key, [pending]);
}
