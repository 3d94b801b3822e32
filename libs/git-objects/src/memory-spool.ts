import type { PackSpool } from './pack-input.js';

/** Keeps a pack in memory while it is read: for small packs and tests. */
export class MemorySpool implements PackSpool {
  private bytes: Buffer = Buffer.alloc(0);
  private pieces: Buffer[] = [];

  append(bytes: Buffer): void {
    this.pieces.push(bytes);
  }

  read(offset: number, length: number): Promise<Buffer> {
    this.bytes = Buffer.concat([this.bytes, ...this.pieces]);
    this.pieces = [];
    return Promise.resolve(this.bytes.subarray(offset, offset + length));
  }
}
