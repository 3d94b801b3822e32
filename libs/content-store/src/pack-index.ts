import { createHash } from 'node:crypto';
import type { ObjectId, ObjectType } from '@reunite/git-objects';

/** The location of an object in a pack. */
export interface IndexedObject {
  readonly id: ObjectId;
  readonly type: ObjectType;
  /** The base of a delta; null for a whole object. */
  readonly base: ObjectId | null;
  /** Name of the pack, 40 hexadecimal digits. */
  readonly pack: string;
  readonly offset: number;
  readonly length: number;
  /** Delta chain depth; 0 if stored whole. */
  readonly depth: number;
  /** For a commit or tree: everything below it is stored. */
  readonly complete: boolean;
}

/*
 * The file, all numbers big-endian:
 *   "RGIX", version u32, self-contained u32, packs u32, objects u32
 *   the names of the packs, 20 bytes each
 *   the objects, sorted by id, 58 bytes each: id 20, base 20 (zeros: none), pack u32, offset u48, length u32, depth
 *   u16, type u8, complete u8 SHA-1 of everything before
 */
const MAGIC = 'RGIX';
const VERSION = 1;
const HEADER_BYTES = 20;
const ID_BYTES = 20;
const ROW_BYTES = 58;
const NO_BASE = Buffer.alloc(ID_BYTES);
const TYPES: readonly ObjectType[] = ['commit', 'tree', 'blob', 'tag'];

/** An index file of several packs, searched in its encoded form. */
export class PackIndex {
  /** True if it lists all objects, false if only those added after the previous file. */
  readonly selfContained: boolean;
  readonly size: number;
  private readonly rowsAt: number;

  /** @throws RangeError if {@link encodePackIndex} did not write these bytes */
  constructor(readonly bytes: Buffer) {
    const end = bytes.length - ID_BYTES;
    if (end < HEADER_BYTES || bytes.toString('latin1', 0, 4) !== MAGIC || bytes.readUInt32BE(4) !== VERSION) {
      throw new RangeError('it is not an index of a supported version');
    }
    this.selfContained = bytes.readUInt32BE(8) === 1;
    this.rowsAt = HEADER_BYTES + bytes.readUInt32BE(12) * ID_BYTES;
    this.size = bytes.readUInt32BE(16);
    const sound =
      this.rowsAt + this.size * ROW_BYTES === end && checksum(bytes.subarray(0, end)).equals(bytes.subarray(end));
    if (!sound) throw new RangeError('its checksum is wrong');
  }

  find(id: Buffer): IndexedObject | null {
    const row = this.rowOf(id);
    return row < 0 ? null : this.row(row);
  }

  /** The number of the row of an object; -1 if there is none. */
  rowOf(id: Buffer): number {
    let low = 0;
    let high = this.size - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const at = this.rowsAt + middle * ROW_BYTES;
      const order = this.bytes.compare(id, 0, ID_BYTES, at, at + ID_BYTES);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  /** Names of the packs with its objects. */
  packs(): string[] {
    const count = (this.rowsAt - HEADER_BYTES) / ID_BYTES;
    const at = (pack: number) => HEADER_BYTES + pack * ID_BYTES;
    return Array.from({ length: count }, (_, pack) => this.bytes.toString('hex', at(pack), at(pack + 1)));
  }

  /** The id in a row. */
  idAt(index: number): Buffer {
    const at = this.rowsAt + index * ROW_BYTES;
    return this.bytes.subarray(at, at + ID_BYTES);
  }

  *objects(): Generator<IndexedObject> {
    for (let index = 0; index < this.size; index++) yield this.row(index);
  }

  row(index: number): IndexedObject {
    const at = this.rowsAt + index * ROW_BYTES;
    const { bytes } = this;
    const packAt = HEADER_BYTES + bytes.readUInt32BE(at + 40) * ID_BYTES;
    const hasBase = bytes.compare(NO_BASE, 0, ID_BYTES, at + 20, at + 40) !== 0;
    return {
      id: bytes.toString('hex', at, at + 20),
      base: hasBase ? bytes.toString('hex', at + 20, at + 40) : null,
      pack: bytes.toString('hex', packAt, packAt + ID_BYTES),
      offset: bytes.readUIntBE(at + 44, 6),
      length: bytes.readUInt32BE(at + 50),
      depth: bytes.readUInt16BE(at + 54),
      type: TYPES[bytes.readUInt8(at + 56)] ?? 'blob',
      complete: bytes.readUInt8(at + 57) === 1,
    };
  }
}

/**
 * Encodes the index file of these objects; each id must be unique. The objects are not kept: there may be a million.
 *
 * @param count number of objects
 */
export function encodePackIndex(objects: Iterable<IndexedObject>, count: number, selfContained: boolean): Buffer {
  const rows = Buffer.alloc(count * ROW_BYTES);
  const packs = new Map<string, number>();
  let size = 0;
  for (const object of objects) {
    const number = packs.get(object.pack) ?? packs.size;
    packs.set(object.pack, number);
    writeRow(rows, size * ROW_BYTES, object, number);
    size += 1;
  }
  if (size !== count) throw new RangeError(`${size} objects were given instead of ${count}.`);
  const rowsAt = HEADER_BYTES + packs.size * ID_BYTES;
  const end = rowsAt + rows.length;
  const bytes = Buffer.alloc(end + ID_BYTES);
  bytes.write(MAGIC, 'latin1');
  [VERSION, selfContained ? 1 : 0, packs.size, count].forEach((value, i) => bytes.writeUInt32BE(value, 4 + i * 4));
  for (const [name, number] of packs) bytes.write(name, HEADER_BYTES + number * ID_BYTES, 'hex');
  sortedRows(rows, count).forEach((row, index) => {
    rows.copy(bytes, rowsAt + index * ROW_BYTES, row * ROW_BYTES, (row + 1) * ROW_BYTES);
  });
  checksum(bytes.subarray(0, end)).copy(bytes, end);
  return bytes;
}

function writeRow(bytes: Buffer, at: number, object: IndexedObject, pack: number): void {
  bytes.write(object.id, at, 'hex');
  if (object.base !== null) bytes.write(object.base, at + 20, 'hex');
  bytes.writeUInt32BE(pack, at + 40);
  bytes.writeUIntBE(object.offset, at + 44, 6);
  bytes.writeUInt32BE(object.length, at + 50);
  bytes.writeUInt16BE(object.depth, at + 54);
  bytes.writeUInt8(TYPES.indexOf(object.type), at + 56);
  bytes.writeUInt8(object.complete ? 1 : 0, at + 57);
}

/** The numbers of the rows in the order of their ids. */
function sortedRows(rows: Buffer, count: number): Uint32Array {
  // Most ids differ in the first four bytes, and numbers are compared faster than buffers.
  const starts = Uint32Array.from({ length: count }, (_, row) => rows.readUInt32BE(row * ROW_BYTES));
  return Uint32Array.from({ length: count }, (_, row) => row).sort((a, b) => {
    const order = (starts[a] ?? 0) - (starts[b] ?? 0);
    if (order !== 0) return order;
    const [aAt, bAt] = [a * ROW_BYTES, b * ROW_BYTES];
    return rows.compare(rows, bAt, bAt + ID_BYTES, aAt, aAt + ID_BYTES);
  });
}

function checksum(content: Buffer): Buffer {
  return createHash('sha1').update(content).digest();
}
