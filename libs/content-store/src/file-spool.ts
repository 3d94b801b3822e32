import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { BlobStorage } from '@reunite/blob-storage';
import type { PackSpool } from '@reunite/git-objects';

/** Bytes that are written at once. A smaller pack is in memory until it is published. */
const BLOCK_BYTES = 1024 * 1024;

/**
 * A file that is written while it arrives, and read again meanwhile. No other process sees it before it is published. Has
 * at most {@link BLOCK_BYTES} in memory.
 */
export class FileSpool implements PackSpool {
  /** In bytes. */
  size = 0;
  private file: { readonly path: string; readonly handle: FileHandle } | null = null;
  /** Bytes in the file; those after them are in `pending`. */
  private written = 0;
  private pending: Buffer[] = [];
  private isPublished = false;

  constructor(private readonly storage: Pick<BlobStorage, 'temporaryFile' | 'write' | 'writeFile'>) {}

  /** Appends bytes, which the caller does not change afterwards. Await it before the next call. */
  append(bytes: Buffer): Promise<void> | void {
    this.pending.push(bytes);
    this.size += bytes.length;
    if (this.size - this.written >= BLOCK_BYTES) return this.flush();
  }

  /** Bytes that were appended; fewer at the end. */
  async read(offset: number, length: number): Promise<Buffer> {
    const end = Math.min(offset + length, this.size);
    if (offset >= this.written) {
      this.pending = [Buffer.concat(this.pending)];
      return this.pending[0]?.subarray(offset - this.written, end - this.written) ?? Buffer.alloc(0);
    }
    if (end > this.written) await this.flush();
    const bytes = Buffer.allocUnsafe(Math.max(0, end - offset));
    const { handle } = await this.openFile();
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
    return bytes.subarray(0, bytesRead);
  }

  /** All bytes, from the start. */
  async *pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < this.size; at += BLOCK_BYTES) yield await this.read(at, BLOCK_BYTES);
  }

  /** Publishes the file, durably and atomically. Nothing can be appended later. */
  async publish(path: string): Promise<void> {
    if (this.isPublished) return; // by an attempt of the ingest that lost to another writer
    if (this.file) {
      await this.flush();
      await this.storage.writeFile(path, this.file.path);
    } else {
      await this.storage.write(path, Buffer.concat(this.pending));
    }
    this.isPublished = true;
  }

  /** Deletes what is not published, and closes the file. Always call it at the end. */
  async discard(): Promise<void> {
    this.pending = [];
    const { file } = this;
    this.file = null;
    if (!file) return;
    await file.handle.close();
    await rm(file.path, { force: true });
  }

  private async flush(): Promise<void> {
    const { pending } = this;
    if (pending.length === 0) return;
    const { handle } = await this.openFile();
    await handle.writev(pending, this.written);
    this.written = this.size;
    this.pending = [];
  }

  private async openFile() {
    if (this.file) return this.file;
    const path = await this.storage.temporaryFile();
    this.file = { path, handle: await open(path, 'wx+') };
    return this.file;
  }
}
