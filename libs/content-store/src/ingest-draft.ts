import { encodePack, PackTable } from '@reunite/git-objects';
import type { GitObject, ObjectId, ObjectType, PackObject } from '@reunite/git-objects';
import type { IndexedObject } from './pack-index.js';
import type { NewObjects, IndexView } from './repository-index.js';

/**
 * Thin packs stack deltas on earlier packs, so that a page edited every day would need hundreds of reads after a year.
 * Objects deeper than this are stored whole, which starts a new chain.
 */
export const MAX_CHAIN = 40;
/** Larger objects are stored whole, so that readers can stream them. */
export const MAX_DELTA_BYTES = 8 * 1024 * 1024;
/** Whole objects that are collected for one pack, in bytes. */
const MAX_WHOLE_BYTES = 8 * 1024 * 1024;

const SKIPPED = 1;
const COMPLETE = 2;

/** The place of an object that is stored whole although the pack has a delta for it. */
interface Place {
  readonly pack: string;
  readonly offset: number;
  readonly length: number;
}

/** A pack of whole objects that an ingest adds to the received one. */
export interface AddedPack {
  readonly name: string;
  readonly pack: Buffer;
}

/** The additions of one ingest, in little memory for each object. */
export class IngestDraft {
  readonly table = new PackTable();
  private flags = new Uint8Array(64);
  private depths = new Uint16Array(64);
  private readonly places = new Map<number, Place>();
  /** Objects of the view that this ingest marks as complete. */
  private readonly completed = new Map<ObjectId, IndexedObject>();
  private whole: { row: number; object: GitObject }[] = [];
  private wholeBytes = 0;
  private count = 0;

  /** @param view the objects that are stored already: a single location per object guarantees that chains are acyclic */
  constructor(private readonly view: IndexView) {}

  /** Adds an object of the pack. @returns a pack to store, if one is full */
  add({ row, id, type, base, body }: PackObject): AddedPack | null {
    this.grow(row);
    if (this.table.find(id) !== row || this.view.find(id)) {
      this.flags[row] = SKIPPED;
      return null;
    }
    this.count += 1;
    const depth = base === null ? 0 : this.depthOf(base) + 1;
    this.depths[row] = depth;
    const isLarge = base !== null && body !== null && body.length > MAX_DELTA_BYTES;
    if (body === null || (depth <= MAX_CHAIN && !isLarge)) return null;
    this.depths[row] = 0;
    this.whole.push({ row, object: { type, body } });
    this.wholeBytes += body.length;
    return this.wholeBytes > MAX_WHOLE_BYTES ? this.packWhole() : null;
  }

  /** Encodes the objects that are stored whole since the last call; null if there are none. */
  packWhole(): AddedPack | null {
    if (this.whole.length === 0) return null;
    const { pack, checksum, entries } = encodePack(this.whole.map(({ object }) => object));
    entries.forEach(({ offset, length }, index) => {
      const row = this.whole[index]?.row;
      if (row !== undefined) this.places.set(row, { pack: checksum, offset, length });
    });
    this.whole = [];
    this.wholeBytes = 0;
    return { name: checksum, pack };
  }

  /** An object of this ingest or of the view. */
  find(id: ObjectId): { readonly type: ObjectType; readonly complete: boolean } | null {
    const row = this.rowOf(id);
    if (row < 0) return this.view.find(id);
    return { type: this.table.row(row).type, complete: ((this.flags[row] ?? 0) & COMPLETE) !== 0 };
  }

  /** The row of an object that this ingest adds; -1 for others. */
  rowOf(id: ObjectId): number {
    const row = this.table.find(id);
    return row >= 0 && ((this.flags[row] ?? 0) & SKIPPED) === 0 ? row : -1;
  }

  markComplete(id: ObjectId): void {
    const row = this.rowOf(id);
    if (row >= 0) {
      this.flags[row] = (this.flags[row] ?? 0) | COMPLETE;
      return;
    }
    const stored = this.view.find(id);
    if (stored && !stored.complete) this.completed.set(id, { ...stored, complete: true });
  }

  /** Number of objects that this ingest adds. */
  get added(): number {
    return this.count;
  }

  /** True if an object is in the received pack, and not only in added ones. */
  get usesReceivedPack(): boolean {
    return this.count > this.places.size;
  }

  /** The rows of the index. @param pack name of the received pack */
  newObjects(pack: string): NewObjects {
    return { rows: this.rows(pack), count: this.count + this.completed.size };
  }

  private *rows(pack: string): Generator<IndexedObject> {
    for (let row = 0; row < this.table.size; row += 1) {
      const flags = this.flags[row] ?? 0;
      if (flags & SKIPPED) continue;
      const place = this.places.get(row);
      const { id, type, base, offset, length } = this.table.row(row);
      const complete = (flags & COMPLETE) !== 0;
      yield {
        ...{ id, type, complete, pack, offset, length, base: place ? null : base, depth: this.depths[row] ?? 0 },
        ...place,
      };
    }
    yield* this.completed.values();
  }

  private depthOf(id: ObjectId): number {
    const row = this.rowOf(id);
    return row >= 0 ? (this.depths[row] ?? 0) : (this.view.find(id)?.depth ?? 0);
  }

  private grow(row: number): void {
    if (row < this.flags.length) return;
    const [flags, depths] = [this.flags, this.depths];
    this.flags = new Uint8Array(row * 2);
    this.flags.set(flags);
    this.depths = new Uint16Array(row * 2);
    this.depths.set(depths);
  }
}
