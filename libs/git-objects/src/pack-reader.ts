import { LRUCache } from 'lru-cache';
import { applyDelta, deltaResultSize, readSize } from './delta.js';
import { MalformedObjectError } from './malformed-object.error.js';
import { MissingDeltaBaseError } from './missing-delta-base.error.js';
import { hashObject } from './object.js';
import type { GitObject, ObjectId, ObjectType } from './object.js';
import { inflateEntry, PACK_ENTRY_HEADER_BYTES, readPackEntry, readPackEntryHeader } from './pack-entry.js';
import type { PackEntryHeader } from './pack-entry.js';
import { hashLargeObject } from './large-object.js';
import { PACK_HEADER_BYTES, readPackHeader } from './pack-frame.js';
import { PackInput } from './pack-input.js';
import type { PackSpool } from './pack-input.js';
import { DEFAULT_PACK_LIMITS, PackBudget, PROCESS_PACK_MEMORY } from './pack-limits.js';
import type { PackLimits, PackMemory } from './pack-limits.js';
import { EntryOffsets, PackTable } from './pack-table.js';
import type { PackRow } from './pack-table.js';

/** An object of a pack, as a row of the table. */
export interface PackObject extends PackRow {
  readonly row: number;
  /** In bytes. */
  readonly size: number;
  /** null for an object of more than {@link MAX_BODY_BYTES} that is stored whole: it is never in memory. */
  readonly body: Buffer | null;
}

export interface ReadPackOptions {
  /** Stores the pack while it is read. Bases of deltas that are not in memory are read from it again. */
  readonly spool: PackSpool;
  /** Receives the objects. Default: a new one. */
  readonly table?: PackTable;
  /**
   * Returns the base of a thin pack's delta, or null if it is not stored.
   *
   * @param size of the base, as the delta announces it
   */
  readonly resolveBase?: (id: ObjectId, size: number) => Promise<GitObject | null> | GitObject | null;
  readonly limits?: Partial<PackLimits>;
  /** Awaited every thousand entries or 8 MiB, so that a large pack does not block the event loop. */
  readonly pause?: () => Promise<unknown>;
  /** Memory for deltas of large objects, shared with other packs. Default: that of the process. */
  readonly memory?: PackMemory;
}

/** Objects up to this size are read in memory. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** Recent objects of one pack, which are mostly the bases of the next deltas. */
const CACHE_BYTES = 16 * MAX_BODY_BYTES;
/** Entries, and inflated bytes, between two pauses. */
const PAUSE_ENTRIES = 1000;
const PAUSE_BYTES = 8 * 1024 * 1024;
/** An entry whose compressed bytes are more than this, besides twice its size, is not what git writes. */
const MAX_COMPRESSED_OVERHEAD = 64 * 1024;

/** A base of deltas. */
interface Base extends GitObject {
  readonly id: ObjectId;
  readonly depth: number;
}

type DeltaHeader = Exclude<PackEntryHeader, { kind: 'whole' }>;

/** An entry of the pack, by its number. */
interface Place {
  readonly entry: number;
  /** In bytes. */
  readonly length: number;
}

/**
 * Reads every object of a pack while it arrives: inflates it, applies deltas, hashes it. Needs little memory, whatever the
 * size of the pack: about 20 MB and the table. Only deltas of objects over 1 MiB need more. Yields each object after its base, which may differ from the order of the
 * pack. Do not use any object before the last one: a later entry may be invalid.
 *
 * @throws MalformedObjectError for anything that git does not write; MissingDeltaBaseError for a thin pack whose base
 *   is not stored; LimitExceededError before memory beyond a limit is allocated; PackMemoryError (retryable)
 */
export async function* readPack(
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
  options: ReadPackOptions,
): AsyncGenerator<PackObject> {
  const run = new PackRun(pieces, options);
  try {
    yield* run.objects();
  } finally {
    await run.close();
  }
}

class PackRun {
  private readonly budget: PackBudget;
  private readonly input: PackInput;
  private readonly table: PackTable;
  private readonly memory: PackMemory;
  private readonly pauses: Pauses;
  private readonly offsets = new EntryOffsets();
  private taken = 0;
  /** By row. */
  private readonly cache = new LRUCache<number, Base>({
    maxSize: CACHE_BYTES,
    maxEntrySize: MAX_BODY_BYTES,
    sizeCalculation: ({ body }) => body.length + 1,
  });
  private readonly waitingForId = new Map<ObjectId, Place[]>();
  private readonly waitingForOffset = new Map<number, Place[]>();

  constructor(
    pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
    private readonly options: ReadPackOptions,
  ) {
    this.budget = new PackBudget({ ...DEFAULT_PACK_LIMITS, ...options.limits });
    this.input = new PackInput(pieces, options.spool, (received) => this.budget.pack(received));
    this.table = options.table ?? new PackTable();
    this.memory = options.memory ?? PROCESS_PACK_MEMORY;
    this.pauses = new Pauses(options.pause);
  }

  async *objects(): AsyncGenerator<PackObject> {
    const { input, pauses } = this;
    await input.fill(PACK_HEADER_BYTES);
    const count = readPackHeader(input.bytes);
    input.skip(PACK_HEADER_BYTES);
    this.budget.objectCount(count);
    for (let index = 0; index < count; index++) {
      if (input.available < PACK_ENTRY_HEADER_BYTES) await input.fill(PACK_ENTRY_HEADER_BYTES);
      const entry = this.offsets.add(input.offset);
      const header = readPackEntryHeader(input.bytes, 0);
      this.budget.object(header.size, input.offset);
      const object = header.kind === 'whole' ? this.whole(header, entry) : this.delta(header, entry);
      const read = object instanceof Promise ? await object : object;
      if (read) {
        yield read;
        if (this.isAwaited(read)) yield* this.resolveWaiting(read);
      }
      this.releaseMemory();
      if (pauses.isDue(header.size)) await pauses.pause();
    }
    await input.finish();
    const [missing] = this.waitingForId.keys();
    if (missing !== undefined) throw new MissingDeltaBaseError(missing);
  }

  async close(): Promise<void> {
    this.releaseMemory();
    await this.input.close();
  }

  private whole(header: PackEntryHeader & { kind: 'whole' }, entry: number): PackObject | Promise<PackObject> {
    if (header.size > MAX_BODY_BYTES) return this.largeWhole(header, entry);
    const body = this.inflateNow(header);
    return body ? this.addWhole(header.type, body, entry) : this.wholeLater(header, entry);
  }

  private async wholeLater(header: PackEntryHeader & { kind: 'whole' }, entry: number): Promise<PackObject> {
    return this.addWhole(header.type, await this.inflate(header), entry);
  }

  private addWhole(type: ObjectType, body: Buffer, entry: number): PackObject {
    const base = { id: hashObject(type, body), type, body, depth: 0 };
    return this.add(base, { entry, base: null, length: this.input.offset - this.offsets.of(entry) });
  }

  private async largeWhole(header: PackEntryHeader & { kind: 'whole' }, entry: number): Promise<PackObject> {
    const { input } = this;
    const { type, size } = header;
    input.skip(header.dataAt);
    const id = await hashLargeObject(input, type, size);
    const offset = this.offsets.of(entry);
    const row = { id, type, offset, length: input.offset - offset, base: null, depth: 0 };
    return { ...row, size, body: null, row: this.addRow(row, entry) };
  }

  private async delta(header: DeltaHeader, entry: number): Promise<PackObject | null> {
    // The compressed bytes of a large delta are in memory too.
    this.takeMemory(header.size, header.size);
    const delta = this.inflateNow(header) ?? (await this.inflate(header));
    if (header.kind === 'ofs-delta' && (header.distance === 0 || this.baseEntry(header, entry) < 0)) {
      throw malformed('a delta has no base');
    }
    return this.resolve(header, { entry, length: this.input.offset - this.offsets.of(entry) }, delta);
  }

  /** Returns the object of a delta. If its base comes later, notes that it waits for it, and returns null. */
  private async resolve(header: DeltaHeader, place: Place, delta: Buffer): Promise<PackObject | null> {
    const baseSize = readSize(delta, 0).value;
    const size = deltaResultSize(delta);
    this.budget.object(size, this.input.offset);
    this.takeMemory(baseSize, size);
    const base = await this.baseOf(header, place.entry, baseSize);
    if (!base) {
      if (header.kind === 'ref-delta') push(this.waitingForId, header.baseId, place);
      else push(this.waitingForOffset, this.offsets.of(place.entry) - header.distance, place);
      return null;
    }
    const { type } = base;
    const body = applyDelta(base.body, delta);
    const depth = base.depth + 1;
    this.budget.depth(depth);
    return this.add({ id: hashObject(type, body), type, body, depth }, { ...place, base: base.id });
  }

  /** Resolves the deltas that came before their base, and those that waited for these. */
  private async *resolveWaiting(resolved: PackRow): AsyncGenerator<PackObject> {
    const bases = [resolved];
    for (let base = bases.pop(); base; base = bases.pop()) {
      for (const place of this.takeWaiting(base)) {
        this.releaseMemory();
        const bytes = await this.options.spool.read(this.offsets.of(place.entry), place.length);
        const header = readPackEntryHeader(bytes, 0);
        if (header.kind === 'whole') throw new TypeError('A whole object waits for no base.');
        this.takeMemory(header.size, header.size);
        this.budget.again(header.size, this.input.offset);
        const object = await this.resolve(header, place, readPackEntry(bytes, 0).data);
        if (!object) continue;
        const { id, type, offset, length, base: baseId, depth } = object;
        if (this.isAwaited(object)) bases.push({ id, type, offset, length, base: baseId, depth });
        if (this.pauses.isDue(object.size)) await this.pauses.pause();
        yield object;
      }
    }
  }

  private takeWaiting({ id, offset }: PackRow): Place[] {
    const waiting = [...(this.waitingForId.get(id) ?? []), ...(this.waitingForOffset.get(offset) ?? [])];
    this.waitingForId.delete(id);
    this.waitingForOffset.delete(offset);
    return waiting;
  }

  private isAwaited({ id, offset }: PackRow): boolean {
    return this.waitingForId.has(id) || this.waitingForOffset.has(offset);
  }

  /** Accounts for objects that are too large for the memory that each pack has. */
  private takeMemory(...sizes: readonly number[]): void {
    for (const size of sizes) if (size > MAX_BODY_BYTES) this.take(size);
  }

  private take(bytes: number): void {
    this.memory.take(bytes, this.taken);
    this.taken += bytes;
  }

  private releaseMemory(): void {
    this.memory.release(this.taken);
    this.taken = 0;
  }

  private baseEntry({ distance }: DeltaHeader & { kind: 'ofs-delta' }, entry: number): number {
    return this.offsets.find(this.offsets.of(entry) - distance);
  }

  /** Returns null if the base is an entry that comes later, or waits for one. */
  private async baseOf(header: DeltaHeader, entry: number, size: number): Promise<Base | null> {
    if (header.kind === 'ofs-delta') {
      const row = this.offsets.rowOf(this.baseEntry(header, entry));
      return row < 0 ? null : this.baseAt(row);
    }
    const row = this.table.find(header.baseId);
    if (row >= 0) return this.baseAt(row);
    const outside = await this.options.resolveBase?.(header.baseId, size);
    return outside ? { ...outside, id: header.baseId, depth: 0 } : null;
  }

  private baseAt(row: number): Base | Promise<Base> {
    return this.cache.get(row) ?? this.readAgain(row);
  }

  /** Reads an earlier object of the pack once more, with the deltas that it consists of. */
  private async readAgain(first: number): Promise<Base> {
    const deltas: { row: number; delta: Buffer }[] = [];
    let bytes = 0;
    for (let row = first; ;) {
      const cached = this.cache.get(row);
      if (cached) return this.rebuild(cached, deltas);
      const { id, type, offset, length, base } = this.table.row(row);
      const { header, data } = await this.inflateAgain(offset, length);
      if (base === null) return this.rebuild({ id, type, body: data, depth: 0 }, deltas);
      deltas.push({ row, delta: data });
      bytes += data.length;
      if (bytes > CACHE_BYTES && data.length <= MAX_BODY_BYTES) this.take(data.length);
      // A later row of this id was not the base: it may consist of this delta.
      const next = this.table.find(base);
      if (next < 0 || next >= row) return this.rebuild(await this.outsideBase(header, data), deltas);
      row = next;
    }
  }

  private rebuild(start: Base, deltas: readonly { row: number; delta: Buffer }[]): Base {
    let base = start;
    for (const { row, delta } of deltas.toReversed()) {
      const { id, type, depth } = this.table.row(row);
      this.budget.again(deltaResultSize(delta), this.input.offset);
      this.takeMemory(deltaResultSize(delta));
      base = { id, type, depth, body: applyDelta(base.body, delta) };
      this.cache.set(row, base);
    }
    return base;
  }

  private async inflateAgain(offset: number, length: number) {
    const bytes = await this.options.spool.read(offset, length);
    const header = readPackEntryHeader(bytes, 0);
    this.budget.again(header.size, this.input.offset);
    this.takeMemory(header.size);
    return { header, data: readPackEntry(bytes, 0).data };
  }

  /** The base of a thin pack's delta, which is not in the pack. */
  private async outsideBase(header: PackEntryHeader, delta: Buffer): Promise<Base> {
    if (header.kind !== 'ref-delta') throw new TypeError('The base of the delta must be in the pack.');
    const outside = await this.options.resolveBase?.(header.baseId, readSize(delta, 0).value);
    if (!outside) throw new MissingDeltaBaseError(header.baseId);
    return { ...outside, id: header.baseId, depth: 0 };
  }

  /** Inflates the next entry if its bytes have arrived, which they mostly have. */
  private inflateNow({ dataAt, size }: PackEntryHeader): Buffer | null {
    const inflated = inflateEntry(this.input.bytes, dataAt, size);
    if (!inflated) return null;
    this.input.skip(inflated.end);
    return inflated.data;
  }

  private async inflate(header: PackEntryHeader): Promise<Buffer> {
    const { input } = this;
    const most = header.size * 2 + MAX_COMPRESSED_OVERHEAD;
    for (;;) {
      if (input.ended) throw malformed('an entry is incomplete');
      if (input.available > most) throw malformed('an entry does not inflate');
      await input.fill(input.available + Math.max(1, Math.min(header.size, input.available)));
      const data = this.inflateNow(header);
      if (data) return data;
    }
  }

  private add(object: Base, { entry, length, base }: Place & { base: ObjectId | null }): PackObject {
    const { id, type, body, depth } = object;
    const stored = { id, type, offset: this.offsets.of(entry), length, base, depth };
    const row = this.addRow(stored, entry);
    this.cache.set(row, object);
    return { ...stored, size: body.length, body, row };
  }

  private addRow(stored: PackRow, entry: number): number {
    const row = this.table.add(stored);
    this.offsets.setRow(entry, row);
    return row;
  }
}

/** Lets other work run now and then. */
class Pauses {
  private entries = 0;
  private bytes = 0;

  constructor(private readonly run: ReadPackOptions['pause']) {}

  isDue(bytes: number): boolean {
    this.entries += 1;
    this.bytes += bytes;
    return this.entries >= PAUSE_ENTRIES || this.bytes >= PAUSE_BYTES;
  }

  async pause(): Promise<void> {
    this.entries = 0;
    this.bytes = 0;
    await this.run?.();
  }
}

function malformed(why: string): MalformedObjectError {
  return new MalformedObjectError(`The pack is malformed: ${why}.`);
}

function push<K>(map: Map<K, Place[]>, key: K, place: Place): void {
  const list = map.get(key);
  if (list) list.push(place);
  else map.set(key, [place]);
}
