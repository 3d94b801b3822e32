import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { PageCache } from '@reunite/site-builder';

/** Magic number. A file with any other header is treated as empty. */
const MAGIC = Buffer.from('reunite-page-cache-2\n');
/** Checksum, length of the key, length of the value. */
const HEADER_BYTES = 12;
/** The file is written from scratch if the entries that are still valid are a smaller part of it. */
const MIN_USED = 0.5;

/** A record of the file, whose checksum is verified on first use. */
interface Entry {
  /** Header and key. */
  readonly head: Buffer;
  readonly value: Buffer;
}

/**
 * The rendered pages of a project in one file, which is faster to read than a thousand files. New pages are appended. Bounded:
 * beyond its limit the least recently used pages are dropped. A damaged entry is treated as missing. Of two concurrent builds,
 * the last to finish writes the cache.
 */
export class PageCacheFile implements PageCache {
  /** From the least to the most recently used. */
  private readonly entries = new Map<string, Entry>();
  private readonly added: Buffer[] = [];

  private constructor(
    private readonly path: string,
    private readonly maxBytes: number,
    /** Size of the file when it was read; 0 if its content cannot be continued. */
    private readonly stored: number,
    records: Iterable<[string, Entry]>,
  ) {
    for (const [key, entry] of records) this.use(key, entry);
  }

  static async open(path: string, maxBytes: number): Promise<PageCacheFile> {
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    const tooLarge = bytes.length > 2 * maxBytes + MAGIC.length;
    const { records, end } = tooLarge ? { records: [], end: 0 } : decode(bytes);
    return new PageCacheFile(path, maxBytes, end === bytes.length ? end : 0, records);
  }

  readonly get = (key: string): Promise<Buffer | undefined> => {
    const entry = this.entries.get(key);
    if (!entry) return Promise.resolve(undefined);
    if (checksumOf(entry) !== entry.head.readUInt32LE(0)) {
      this.entries.delete(key);
      return Promise.resolve(undefined);
    }
    this.use(key, entry);
    return Promise.resolve(entry.value);
  };

  readonly set = (key: string, value: Buffer): Promise<void> => {
    const entry = entryOf(key, value);
    this.use(key, entry);
    this.added.push(entry.head, entry.value);
    return Promise.resolve();
  };

  /** Appends the new entries, or writes the newest that fit. A full disk must not fail the build. */
  async save(): Promise<void> {
    if (this.added.length === 0) return;
    const aside = `${this.path}.${process.pid}.tmp`;
    try {
      if (await this.canAppend()) {
        await writeBuffers(this.path, 'a', this.added);
        return;
      }
      await mkdir(dirname(this.path), { recursive: true });
      await writeBuffers(aside, 'w', [MAGIC, ...this.newest()]);
      await rename(aside, this.path);
    } catch {
      await rm(aside, { force: true }).catch(() => undefined);
    }
  }

  private async canAppend(): Promise<boolean> {
    const size = this.stored + this.added.reduce((sum, { length }) => sum + length, 0);
    if (this.stored === 0 || size > this.maxBytes + MAGIC.length) return false;
    const used = [...this.entries.values()].reduce((sum, entry) => sum + sizeOf(entry), 0);
    // Another build may have written the file meanwhile.
    return used >= size * MIN_USED && (await stat(this.path)).size === this.stored;
  }

  private use(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
  }

  private newest(): Buffer[] {
    let bytes = 0;
    const newestFirst = [...this.entries.values()].reverse();
    const fitting = newestFirst.filter((entry) => (bytes += sizeOf(entry)) <= this.maxBytes);
    return fitting.reverse().flatMap(({ head, value }) => [head, value]);
  }
}

/** Buffers of one write. */
const BATCH = 1_000;

/** Without a copy of all buffers in one: a large site has hundreds of megabytes. Checksums reveal an incomplete write. */
async function writeBuffers(path: string, flags: 'a' | 'w', buffers: readonly Buffer[]): Promise<void> {
  const file = await open(path, flags);
  try {
    for (let at = 0; at < buffers.length; at += BATCH) await file.writev(buffers.slice(at, at + BATCH));
  } finally {
    await file.close();
  }
}

function entryOf(key: string, value: Buffer): Entry {
  const name = Buffer.from(key);
  const head = Buffer.concat([Buffer.alloc(HEADER_BYTES), name]);
  head.writeUInt32LE(name.length, 4);
  head.writeUInt32LE(value.length, 8);
  head.writeUInt32LE(checksumOf({ head, value }), 0);
  return { head, value };
}

function checksumOf({ head, value }: Entry): number {
  return crc32(value, crc32(head.subarray(4)));
}

function sizeOf({ head, value }: Entry): number {
  return head.length + value.length;
}

/** @returns the records before the first one that is incomplete, and where they end */
function decode(bytes: Buffer): { readonly records: [string, Entry][]; readonly end: number } {
  const records: [string, Entry][] = [];
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return { records, end: 0 };
  let at = MAGIC.length;
  while (at + HEADER_BYTES <= bytes.length) {
    const keyBytes = bytes.readUInt32LE(at + 4);
    const start = at + HEADER_BYTES + keyBytes;
    const end = start + bytes.readUInt32LE(at + 8);
    if (end > bytes.length) break;
    const key = bytes.toString('utf8', at + HEADER_BYTES, start);
    records.push([key, { head: bytes.subarray(at, start), value: bytes.subarray(start, end) }]);
    at = end;
  }
  return { records, end: at };
}
