import { open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { contentHash } from './content-hash.js';
import { decodeManifest, encodeManifest, localPackName, MANIFEST_NAME, newPackId, withPacks } from './manifest.js';
import type { Manifest, Pack, Place } from './manifest.js';

const MAX_PACKS = 8;
/** Written at once. */
const CHUNK_BYTES = 1 << 20;
/** Bytes that may wait to be written before `write` waits. */
const MAX_WAITING_BYTES = 8 * CHUNK_BYTES;

/**
 * Writes a site into a folder. The folder is empty, or has the manifest of an earlier site of which files are taken over. The
 * site in the folder is complete once `finish` has resolved.
 */
export class SiteArchiveWriter {
  private readonly files = new Map<string, Place>();
  private chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  private filled = 0;
  private offset = 0;
  private waitingBytes = 0;
  private writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    private readonly pack: FileHandle,
    private readonly earlier: Manifest,
    private readonly packId: string,
  ) {}

  static async open(folder: string): Promise<SiteArchiveWriter> {
    const earlier = await earlierSite(folder);
    const id = newPackId();
    const pack = await open(join(folder, localPackName(id)), 'ax');
    return new SiteArchiveWriter(folder, pack, earlier, id);
  }

  /**
   * Takes over a file of the earlier site.
   *
   * @param key identifies the content
   * @returns its size, or undefined if the earlier site has no such file: then write it
   */
  readonly reuse = (path: string, key: string): number | undefined => {
    const place = this.earlier.files.get(path);
    if (place === undefined || key === '' || place.key !== key) return undefined;
    this.files.set(path, place);
    return place.bytes;
  };

  /** Adds a file. Resolves when the next one can be added, which may be before this one is written. */
  readonly write = async (file: {
    readonly path: string;
    readonly body: Buffer | string;
    readonly key?: string;
  }): Promise<void> => {
    const { path, body, key = '' } = file;
    const bytes = Buffer.byteLength(body);
    if (this.filled + bytes > CHUNK_BYTES) this.flush();
    const content = bytes > CHUNK_BYTES ? this.addLarge(body) : this.addToChunk(body, bytes);
    const hash = contentHash(content);
    this.files.set(path, { pack: this.earlier.packs.length, offset: this.offset, bytes, hash, key });
    this.offset += bytes;
    if (this.waitingBytes > MAX_WAITING_BYTES) await this.writing;
  };

  private addLarge(body: Buffer | string): Buffer {
    const content = typeof body === 'string' ? Buffer.from(body) : body;
    this.append(content);
    return content;
  }

  /** Encodes text into the chunk: a buffer of its own for each page would be garbage at once. */
  private addToChunk(body: Buffer | string, bytes: number): Buffer {
    const start = this.filled;
    this.filled += typeof body === 'string' ? this.chunk.write(body, start) : body.copy(this.chunk, start);
    return this.chunk.subarray(start, start + bytes);
  }

  /** Writes the manifest, and removes packs that the site does not use. @throws the error of a failed write */
  async finish(): Promise<void> {
    this.flush();
    await this.writing.finally(() => this.pack.close());
    const manifest = this.compact();
    const path = join(this.folder, MANIFEST_NAME);
    await writeFile(`${path}.tmp`, encodeManifest(manifest));
    await rename(`${path}.tmp`, path);
    await removePacks(this.folder, manifest.packs);
  }

  private flush(): void {
    if (this.filled === 0) return;
    this.append(this.chunk.subarray(0, this.filled));
    this.chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    this.filled = 0;
  }

  private append(bytes: Buffer): void {
    this.waitingBytes += bytes.length;
    this.writing = this.writing
      .then(() => this.pack.appendFile(bytes))
      .then(() => {
        this.waitingBytes -= bytes.length;
      });
    // `write` or `finish` rethrows it; unhandled, it would end the process.
    this.writing.catch(() => undefined);
  }

  /** The manifest, with the packs that are used. */
  private compact(): Manifest {
    const used = [...new Set([...this.files.values()].map(({ pack }) => pack))].sort((a, b) => a - b);
    const renumbered = new Map(used.map((pack, index) => [pack, index]));
    const files = [...this.files].map(([path, place]): [string, Place] => [
      path,
      { ...place, pack: renumbered.get(place.pack) ?? 0 },
    ]);
    const packs = [...this.earlier.packs, { id: this.packId, bytes: this.offset }];
    const { projectId } = this.earlier;
    return { projectId, packs: packs.filter((_, pack) => renumbered.has(pack)), files: new Map(files) };
  }
}

/** The earlier site in the folder, without the packs that are not worth keeping, which are removed. */
async function earlierSite(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST_NAME), 'utf8').catch(() => null);
  const manifest = text === null ? null : decodeManifest(text);
  const packs = manifest ? await worthKeeping(folder, manifest) : [];
  await removePacks(folder, packs);
  return manifest ? withPacks(manifest, packs) : { projectId: null, packs: [], files: new Map() };
}

/** The largest packs. A pack must be there whole, and at least half of it in use. */
async function worthKeeping(folder: string, { projectId, packs, files }: Manifest): Promise<readonly Pack[]> {
  const used = packs.map(() => 0);
  const ends = packs.map(() => 0);
  for (const { pack, offset, bytes } of files.values()) {
    used[pack] = (used[pack] ?? 0) + bytes;
    ends[pack] = Math.max(ends[pack] ?? 0, offset + bytes);
  }
  // The packs of a project are in its storage; the caller has left those that exist.
  const sizeOf = async ({ id, bytes }: Pack) => (projectId === null ? localSize(folder, id) : (bytes ?? -1));
  const sizes = await Promise.all(packs.map(sizeOf));
  const usable = packs
    .map((pack, index) => ({ pack, used: used[index] ?? 0, end: ends[index] ?? 0, size: sizes[index] ?? -1 }))
    .filter(({ used: live, end, size }) => size >= end && live > 0 && live * 2 >= size);
  return usable
    .sort((a, b) => b.used - a.used)
    .slice(0, MAX_PACKS - 1)
    .map(({ pack }) => pack);
}

/** @returns -1 if the folder has no such pack */
async function localSize(folder: string, id: string): Promise<number> {
  const status = await stat(join(folder, localPackName(id))).catch(() => null);
  return status?.size ?? -1;
}

async function removePacks(folder: string, packs: readonly Pack[]): Promise<void> {
  const keep = new Set(packs.map(({ id }) => localPackName(id)));
  for (const name of await readdir(folder)) {
    if (/^\.[0-9a-f]{32}\.pack$/.test(name) && !keep.has(name)) await rm(join(folder, name));
  }
}
