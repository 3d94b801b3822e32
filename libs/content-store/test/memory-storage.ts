import { Readable } from 'node:stream';
import type { BlobStorage, StoredBlob } from '@reunite/blob-storage';

type Blobs = Map<string, { readonly content: Buffer; readonly version: string; readonly modified: Date }>;

/** A storage in memory that several processes share. Each gets its own instance, whose operations wait for `step`. */
export class MemoryStorage implements BlobStorage {
  private static writes = 0;

  constructor(
    readonly blobs: Blobs = new Map(),
    private readonly step: (operation: string) => Promise<unknown> = () => Promise.resolve(),
  ) {}

  async list(folder: string): Promise<StoredBlob[]> {
    await this.step(`list ${folder}`);
    const names = [...this.blobs.keys()].filter((path) => path.startsWith(`${folder}/`));
    return names.map((path) => this.describe(path)).filter((blob) => blob !== null);
  }

  async head(path: string): Promise<StoredBlob | null> {
    await this.step(`head ${path}`);
    return this.describe(path);
  }

  async read(path: string): Promise<Buffer | null> {
    await this.step(`read ${path}`);
    return this.blobs.get(path)?.content ?? null;
  }

  async readRange(path: string, offset: number, length: number): Promise<Buffer | null> {
    return (await this.read(path))?.subarray(offset, offset + length) ?? null;
  }

  async stream(path: string, offset: number, length: number): Promise<Readable | null> {
    const bytes = await this.readRange(path, offset, length);
    return bytes && Readable.from([bytes]);
  }

  async write(path: string, content: Buffer | AsyncIterable<Buffer>): Promise<void> {
    const pieces: Buffer[] = [];
    if (Buffer.isBuffer(content)) pieces.push(content);
    else for await (const piece of content) pieces.push(piece);
    await this.step(`write ${path}`);
    this.put(path, Buffer.concat(pieces));
  }

  async create(path: string, content: Buffer): Promise<boolean> {
    await this.step(`create ${path}`);
    if (this.blobs.has(path)) return false;
    this.put(path, content);
    return true;
  }

  async remove(path: string): Promise<void> {
    await this.step(`remove ${path}`);
    this.blobs.delete(path);
  }

  folders = () => Promise.resolve(['rep_1']);
  writeFile = () => Promise.reject(new Error('There are no files.'));
  temporaryFile = () => Promise.reject(new Error('There are no files.'));
  removeFolder = () => Promise.resolve();
  removeLeftovers = () => Promise.resolve();
  close = () => Promise.resolve();

  private put(path: string, content: Buffer): void {
    this.blobs.set(path, { content, version: `${(MemoryStorage.writes += 1)}`, modified: new Date(Date.now()) });
  }

  private describe(path: string): StoredBlob | null {
    const blob = this.blobs.get(path);
    if (!blob) return null;
    const { content, version, modified } = blob;
    return { name: path.slice(path.lastIndexOf('/') + 1), version, bytes: content.length, modified };
  }
}
