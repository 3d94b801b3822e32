import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PageCache } from '@reunite/site-builder';

/** Magic number. A file with any other header is treated as empty. */
const MAGIC = Buffer.from('reunite-page-cache-1\n');
const SUM_BYTES = 20;

/**
 * The rendered pages of a project in one file, which is faster to read than a thousand files. Bounded: the least recently
 * used pages are dropped. A damaged or missing file is an empty cache. Of two concurrent builds, the last to finish writes
 * the cache.
 */
export class PageCacheFile implements PageCache {
  /** From the least to the most recently used. */
  private readonly entries: Map<string, Buffer>;
  private changed = false;

  private constructor(
    private readonly path: string,
    private readonly maxBytes: number,
    bytes: Buffer,
  ) {
    this.entries = decode(bytes) ?? new Map<string, Buffer>();
  }

  static async open(path: string, maxBytes: number): Promise<PageCacheFile> {
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    return new PageCacheFile(path, maxBytes, bytes.length > 2 * maxBytes ? Buffer.alloc(0) : bytes);
  }

  readonly get = (key: string): Promise<Buffer | undefined> => {
    const value = this.entries.get(key);
    if (value) this.use(key, value);
    return Promise.resolve(value);
  };

  readonly set = (key: string, value: Buffer): Promise<void> => {
    this.use(key, value);
    this.changed = true;
    return Promise.resolve();
  };

  /** Writes the newest entries that fit, if there is a new one. A full disk must not fail the build. */
  async save(): Promise<void> {
    if (!this.changed) return;
    const aside = `${this.path}.${process.pid}.tmp`;
    try {
      await mkdir(dirname(this.path), { recursive: true });
      await writeFile(aside, encode(this.newest()));
      await rename(aside, this.path);
    } catch {
      await rm(aside, { force: true }).catch(() => undefined);
    }
  }

  private use(key: string, value: Buffer): void {
    this.entries.delete(key);
    this.entries.set(key, value);
  }

  private newest(): [string, Buffer][] {
    const newestFirst = [...this.entries].reverse();
    let bytes = 0;
    const fitting = newestFirst.filter(([key, value]) => (bytes += entryBytes(key, value)) <= this.maxBytes);
    return fitting.reverse();
  }
}

function entryBytes(key: string, value: Buffer): number {
  return 8 + Buffer.byteLength(key) + value.length;
}

function encode(entries: readonly [string, Buffer][]): Buffer {
  const body = entries.flatMap(([key, value]) => {
    const name = Buffer.from(key);
    const lengths = Buffer.alloc(8);
    lengths.writeUInt32LE(name.length, 0);
    lengths.writeUInt32LE(value.length, 4);
    return [lengths, name, value];
  });
  const sum = createHash('sha1');
  for (const chunk of body) sum.update(chunk);
  return Buffer.concat([MAGIC, sum.digest(), ...body]);
}

/** Returns undefined if the file is not complete. */
function decode(bytes: Buffer): Map<string, Buffer> | undefined {
  const start = MAGIC.length + SUM_BYTES;
  const body = bytes.subarray(start);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC) || bytes.length < start) return undefined;
  if (!createHash('sha1').update(body).digest().equals(bytes.subarray(MAGIC.length, start))) return undefined;
  const entries = new Map<string, Buffer>();
  for (let offset = 0; offset < body.length;) {
    const key = offset + 8;
    const value = key + body.readUInt32LE(offset);
    const end = value + body.readUInt32LE(offset + 4);
    entries.set(body.toString('utf8', key, value), body.subarray(value, end));
    offset = end;
  }
  return entries;
}
