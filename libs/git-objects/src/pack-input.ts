import { createHash } from 'node:crypto';
import { MalformedObjectError } from './malformed-object.error.js';
import { PACK_TRAILER_BYTES } from './pack-frame.js';

/** Stores a pack while it arrives. */
export interface PackSpool {
  /** Appends bytes, which the caller does not change afterwards. */
  append(bytes: Buffer): Promise<void> | void;
  /** Returns bytes that were appended. */
  read(offset: number, length: number): Promise<Buffer>;
}

/** Bytes that the window has room for, unless one entry needs more. */
const WINDOW_BYTES = 512 * 1024;

/**
 * The bytes of a pack as they arrive: a window of those that are not parsed yet. All bytes go to the spool and are
 * included in the checksum.
 */
export class PackInput {
  /** Bytes that arrived so far. */
  received = 0;
  ended = false;
  private readonly pieces: AsyncIterator<Buffer> | Iterator<Buffer>;
  private readonly hash = createHash('sha1');
  /** The last bytes, which are not part of the checksum if the pack ends here. */
  private trailer: Buffer = Buffer.alloc(0);
  private block: Buffer = Buffer.allocUnsafe(WINDOW_BYTES);
  private start = 0;
  private end = 0;

  /** @param admit called with the bytes that arrived so far; throws if they are too many */
  constructor(
    pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
    private readonly spool: PackSpool | null,
    private readonly admit: (received: number) => void,
  ) {
    this.pieces = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  }

  /** Offset in the pack of the next byte that is not parsed yet. */
  get offset(): number {
    return this.received - this.available;
  }

  get available(): number {
    return this.end - this.start;
  }

  /** The bytes that arrived and are not parsed yet. Valid until the next call of {@link fill}. */
  get bytes(): Buffer {
    return this.block.subarray(this.start, this.end);
  }

  /** Waits until `count` bytes are available, or the pack has ended. */
  async fill(count: number): Promise<void> {
    while (this.available < count && !this.ended) {
      const next = await this.pieces.next();
      if (next.done === true) this.ended = true;
      else await this.accept(next.value, count);
    }
  }

  skip(count: number): void {
    this.start += count;
  }

  /** Ends the stream early, so that its source is released. */
  async close(): Promise<void> {
    if (!this.ended) await this.pieces.return?.();
  }

  /**
   * Checks that the pack ends here with a trailer that is the checksum of everything before.
   *
   * @throws MalformedObjectError
   */
  async finish(): Promise<void> {
    await this.fill(PACK_TRAILER_BYTES + 1);
    if (this.available > PACK_TRAILER_BYTES) {
      throw new MalformedObjectError('The pack is malformed: its number of objects is wrong.');
    }
    if (this.available < PACK_TRAILER_BYTES || !this.hash.digest().equals(this.trailer)) {
      throw new MalformedObjectError('The checksum of the pack is wrong: it is incomplete or damaged. Fetch it again.');
    }
  }

  private async accept(piece: Buffer, needed: number): Promise<void> {
    this.received += piece.length;
    this.admit(this.received);
    this.addToHash(piece);
    if (this.block.length - this.end < piece.length) this.makeRoom(Math.max(this.available + piece.length, needed));
    piece.copy(this.block, this.end);
    this.end += piece.length;
    await this.spool?.append(piece);
  }

  private addToHash(piece: Buffer): void {
    if (piece.length >= PACK_TRAILER_BYTES) {
      this.hash.update(this.trailer).update(piece.subarray(0, -PACK_TRAILER_BYTES));
      this.trailer = piece.subarray(-PACK_TRAILER_BYTES);
      return;
    }
    const joined = Buffer.concat([this.trailer, piece]);
    const hashed = Math.max(0, joined.length - PACK_TRAILER_BYTES);
    this.hash.update(joined.subarray(0, hashed));
    this.trailer = joined.subarray(hashed);
  }

  /** Moves the window to the start of a block. Callers do not keep views of the old one. */
  private makeRoom(bytes: number): void {
    const isFitting = bytes * 2 <= this.block.length && this.block.length <= WINDOW_BYTES;
    const target = isFitting ? this.block : Buffer.allocUnsafe(Math.max(WINDOW_BYTES, bytes + WINDOW_BYTES / 2));
    this.block.copy(target, 0, this.start, this.end);
    this.block = target;
    this.end -= this.start;
    this.start = 0;
  }
}
