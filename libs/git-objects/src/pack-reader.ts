import { applyDelta, deltaResultSize } from './delta.js';
import { MalformedObjectError } from './malformed-object.error.js';
import { MissingDeltaBaseError } from './missing-delta-base.error.js';
import { hashObject } from './object.js';
import type { GitObject, ObjectId, ObjectType } from './object.js';
import { readPackEntry } from './pack-entry.js';
import type { PackEntry } from './pack-entry.js';
import { PACK_HEADER_BYTES, readPackFrame } from './pack-frame.js';
import { DEFAULT_PACK_LIMITS, PackBudget, PROCESS_PACK_MEMORY } from './pack-limits.js';
import type { PackLimits, PackMemory } from './pack-limits.js';

export interface PackObject extends GitObject {
  readonly id: ObjectId;
  /** Offset and length of its entry in the pack, in bytes. */
  readonly offset: number;
  readonly length: number;
  /** The base of the delta; null for a whole object. */
  readonly base: ObjectId | null;
  /** Delta chain depth within this pack; 0 if stored whole, 1 for a delta whose base is outside of the pack. */
  readonly depth: number;
}

export interface ReadPackOptions {
  /** Returns the bases of a thin pack, or null if they are not stored. Default: null. */
  readonly resolveBase?: (id: ObjectId) => Promise<GitObject | null> | GitObject | null;
  readonly limits?: Partial<PackLimits>;
  /** Awaited every thousand entries or 8 MiB, so that a large pack does not block the event loop. */
  readonly pause?: () => Promise<unknown>;
  /** Memory that is shared with other packs. Default: that of the process. */
  readonly memory?: PackMemory;
}

/** Entries, and inflated bytes, between two pauses. */
const PAUSE_ENTRIES = 1000;
const PAUSE_BYTES = 8 * 1024 * 1024;

/** An entry that is not resolved to an object yet; its bytes are dropped when it is. */
interface Pending {
  readonly offset: number;
  readonly length: number;
  // eslint-disable-next-line no-restricted-syntax -- null once it is read, which frees its memory
  entry: PackEntry | null;
}

/** A possible base of deltas: an object and its chain depth. */
interface Resolved extends GitObject {
  readonly id: ObjectId;
  readonly depth: number;
}

/**
 * Reads every object of a pack: inflates it, applies deltas, hashes it. Yields each object after its base, which may
 * differ from the order of the pack. Do not use any object before the last one: a later entry may be invalid.
 *
 * @throws MalformedObjectError for anything that git does not write; MissingDeltaBaseError for a thin pack whose base
 *   is not stored; LimitExceededError before memory beyond a limit is allocated; PackMemoryError (retryable)
 */
export async function* readPack(pack: Buffer, options: ReadPackOptions = {}): AsyncGenerator<PackObject> {
  const limits = { ...DEFAULT_PACK_LIMITS, ...options.limits };
  const budget = new PackBudget(limits, options.memory ?? PROCESS_PACK_MEMORY);
  try {
    yield* readObjects(pack, budget, options);
  } finally {
    budget.release();
  }
}

async function* readObjects(
  pack: Buffer,
  budget: PackBudget,
  { resolveBase = () => null, pause }: ReadPackOptions,
): AsyncGenerator<PackObject> {
  const pauses = new Pauses(pause);
  budget.pack(pack.length);
  const { count, end } = readPackFrame(pack);
  budget.objectCount(count);
  const entries = new PackEntries();
  let at = PACK_HEADER_BYTES;
  for (let index = 0; index < count; index++) {
    const entry = readPackEntry(pack, at, (bytes) => budget.object(bytes));
    entries.add({ offset: at, length: entry.end - at, entry });
    at = entry.end;
    await pauses.after(entry.data.length);
  }
  if (at !== end) throw new MalformedObjectError('The pack is malformed: its number of objects is wrong.');
  for await (const object of resolveAll(entries, resolveBase, budget)) {
    await pauses.after(object.body.length);
    yield object;
  }
}

/** Lets other work run now and then. */
class Pauses {
  private entries = 0;
  private bytes = 0;

  constructor(private readonly pause: ReadPackOptions['pause']) {}

  async after(bytes: number): Promise<void> {
    this.entries += 1;
    this.bytes += bytes;
    if (this.entries < PAUSE_ENTRIES && this.bytes < PAUSE_BYTES) return;
    this.entries = 0;
    this.bytes = 0;
    await this.pause?.();
  }
}

/** The entries of a pack; deltas are indexed by their base. */
class PackEntries {
  readonly whole: Pending[] = [];
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
    } else this.whole.push(pending);
  }

  /** Removes and returns the deltas of a base. */
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
  for (const pending of entries.whole) yield* resolveFamily([{ pending, base: null }], entries, budget);
  for (const id of entries.missingBases()) {
    const outside = await resolveBase(id);
    if (!outside) continue; // a delta of this pack may still produce it
    const base: Resolved = { ...outside, id, depth: 0 };
    const family = entries.take(id, null).map((pending) => ({ pending, base }));
    yield* resolveFamily(family, entries, budget);
  }
  const [missing] = entries.missingBases();
  if (missing !== undefined) throw new MissingDeltaBaseError(missing);
}

/** Resolves entries and all deltas based on them. Depth first, so that few bodies are in memory at a time. */
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
  if (entry.kind === 'whole') return { type: entry.type, body: entry.data };
  if (!base) throw new TypeError('A delta must be resolved after its base.');
  budget.object(deltaResultSize(entry.data));
  return { type: base.type, body: applyDelta(base.body, entry.data) };
}

function push<K>(map: Map<K, Pending[]>, key: K, pending: Pending): void {
  const list = map.get(key);
  if (list) list.push(pending);
  else map.set(key, [pending]);
}
