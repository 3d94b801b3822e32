import { randomInt } from 'node:crypto';
import type { ObjectId, ObjectType } from './object.js';

const ID_BYTES = 20;
const FIRST_ROWS = 64;
const TYPES: readonly ObjectType[] = ['commit', 'tree', 'blob', 'tag'];
const NO_BASE = Buffer.alloc(ID_BYTES);

export interface PackRow {
  readonly id: ObjectId;
  readonly type: ObjectType;
  /** Offset and length of its entry in the pack, in bytes. */
  readonly offset: number;
  readonly length: number;
  /** The base of the delta; null for a whole object. */
  readonly base: ObjectId | null;
  /** Delta chain depth within this pack; 0 if stored whole, 1 for a delta whose base is outside of the pack. */
  readonly depth: number;
}

/**
 * The objects of one pack, about 70 bytes each: a pack of a million objects would take several times as much as
 * JavaScript objects. Rows are found by the id of their object.
 */
export class PackTable {
  size = 0;
  private ids: Buffer = Buffer.alloc(FIRST_ROWS * ID_BYTES);
  private bases: Buffer = Buffer.alloc(FIRST_ROWS * ID_BYTES);
  private offsets = new Float64Array(FIRST_ROWS);
  private lengths = new Float64Array(FIRST_ROWS);
  private depths = new Uint16Array(FIRST_ROWS);
  private types = new Uint8Array(FIRST_ROWS);
  /** Open addressing: row + 1, or 0 for a free slot. At most half of the slots are used. */
  private slots = new Int32Array(FIRST_ROWS * 2);
  /** Random, because a server can choose objects whose ids begin alike. */
  private readonly factors = Array.from({ length: 3 }, () => randomInt(2 ** 31) * 2 + 1);

  /** @returns the number of the row. A second row of the same id is stored but not found. */
  add({ id, type, offset, length, base, depth }: PackRow): number {
    if (this.size === this.depths.length) this.grow();
    const row = this.size++;
    this.ids.write(id, row * ID_BYTES, 'hex');
    if (base === null) this.bases.fill(0, row * ID_BYTES, (row + 1) * ID_BYTES);
    else this.bases.write(base, row * ID_BYTES, 'hex');
    this.offsets[row] = offset;
    this.lengths[row] = length;
    this.depths[row] = depth;
    this.types[row] = TYPES.indexOf(type);
    this.insert(row);
    return row;
  }

  /** @returns the number of the first row of this id; -1 if there is none */
  find(id: ObjectId): number {
    const bytes = Buffer.from(id, 'hex');
    const mask = this.slots.length - 1;
    for (let slot = this.slotOf(bytes, 0); ; slot = (slot + 1) & mask) {
      const row = (this.slots[slot] ?? 0) - 1;
      if (row < 0 || this.ids.compare(bytes, 0, ID_BYTES, row * ID_BYTES, (row + 1) * ID_BYTES) === 0) return row;
    }
  }

  row(row: number): PackRow {
    const at = row * ID_BYTES;
    const hasBase = this.bases.compare(NO_BASE, 0, ID_BYTES, at, at + ID_BYTES) !== 0;
    return {
      id: this.ids.toString('hex', at, at + ID_BYTES),
      type: TYPES[this.types[row] ?? 0] ?? 'blob',
      offset: this.offsets[row] ?? 0,
      length: this.lengths[row] ?? 0,
      base: hasBase ? this.bases.toString('hex', at, at + ID_BYTES) : null,
      depth: this.depths[row] ?? 0,
    };
  }

  private grow(): void {
    const rows = this.size * 2;
    this.ids = Buffer.concat([this.ids], rows * ID_BYTES);
    this.bases = Buffer.concat([this.bases], rows * ID_BYTES);
    this.offsets = grown(this.offsets, new Float64Array(rows));
    this.lengths = grown(this.lengths, new Float64Array(rows));
    this.depths = grown(this.depths, new Uint16Array(rows));
    this.types = grown(this.types, new Uint8Array(rows));
    this.slots = new Int32Array(rows * 2);
    for (let row = 0; row < this.size; row += 1) this.insert(row);
  }

  private slotOf(ids: Buffer, at: number): number {
    const [one = 1, two = 1, three = 1] = this.factors;
    const mixed =
      Math.imul(ids.readInt32LE(at), one) +
      Math.imul(ids.readInt32LE(at + 4), two) +
      Math.imul(ids.readInt32LE(at + 8), three);
    return (mixed ^ (mixed >>> 15)) & (this.slots.length - 1);
  }

  private insert(row: number): void {
    const at = row * ID_BYTES;
    const mask = this.slots.length - 1;
    for (let slot = this.slotOf(this.ids, at); ; slot = (slot + 1) & mask) {
      const other = (this.slots[slot] ?? 0) - 1;
      if (other < 0) {
        this.slots[slot] = row + 1;
        return;
      }
      const otherAt = other * ID_BYTES;
      if (this.ids.compare(this.ids, at, at + ID_BYTES, otherAt, otherAt + ID_BYTES) === 0) return;
    }
  }
}

function grown<T extends Float64Array | Int32Array | Uint16Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** The offsets of a pack's entries, in their order, and the row of each one that is resolved. */
export class EntryOffsets {
  private size = 0;
  private offsets = new Float64Array(FIRST_ROWS);
  private rows = new Int32Array(FIRST_ROWS);

  /** @param offset after all others. @returns the number of the entry */
  add(offset: number): number {
    if (this.size === this.rows.length) {
      this.offsets = grown(this.offsets, new Float64Array(this.size * 2));
      this.rows = grown(this.rows, new Int32Array(this.size * 2));
    }
    this.offsets[this.size] = offset;
    this.rows[this.size] = -1;
    return this.size++;
  }

  of(entry: number): number {
    return this.offsets[entry] ?? 0;
  }

  /** @returns the number of the entry that begins at `offset`; -1 if there is none */
  find(offset: number): number {
    let low = 0;
    let high = this.size - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const other = this.of(middle);
      if (other === offset) return middle;
      if (other < offset) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  setRow(entry: number, row: number): void {
    this.rows[entry] = row;
  }

  /** @returns the row of an entry; -1 while it is not resolved */
  rowOf(entry: number): number {
    return this.rows[entry] ?? -1;
  }
}
