import { open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import {
  decodeManifest,
  encodeManifest,
  manifestPath,
  newPackId,
  packPath,
  type Manifest,
  type Place,
} from './manifest.js';

const MAX_PACKS = 8;
/** Written at once. */
const CHUNK_BYTES = 1 << 20;
/** Bytes that may wait to be written before `write` waits. */
const MAX_WAITING_BYTES = 8 * CHUNK_BYTES;

/** Files of the earlier site whose packs are kept. */
interface Earlier {
  readonly packs: readonly string[];
  readonly files: ReadonlyMap<string, Place>;
}

/**
 * Writes a site into a folder. The folder is empty, or has an earlier site of which files are taken over. The site in the folder
 * is valid once `finish` has resolved.
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
    private readonly earlier: Earlier,
    private readonly packs: readonly string[],
  ) {}

  static async open(folder: string): Promise<SiteArchiveWriter> {
    const earlier = await earlierSite(folder);
    const id = newPackId();
    const pack = await open(packPath(folder, id), 'ax');
    return new SiteArchiveWriter(folder, pack, earlier, [...earlier.packs, id]);
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
    const body = typeof file.body === 'string' ? Buffer.from(file.body) : file.body;
    const { length: bytes } = body;
    this.files.set(file.path, { pack: this.packs.length - 1, offset: this.offset, bytes, key: file.key ?? '' });
    this.offset += bytes;
    if (this.filled + bytes > CHUNK_BYTES) this.flush();
    if (bytes > CHUNK_BYTES) this.append(body);
    else this.filled += body.copy(this.chunk, this.filled);
    if (this.waitingBytes > MAX_WAITING_BYTES) await this.writing;
  };

  /** Writes the manifest, and removes packs that the site does not use. @throws the error of a failed write */
  async finish(): Promise<void> {
    this.flush();
    await this.writing.finally(() => this.pack.close());
    const aside = `${manifestPath(this.folder)}.tmp`;
    const manifest = this.compact();
    await writeFile(aside, encodeManifest(manifest));
    await rename(aside, manifestPath(this.folder));
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
    return { packs: used.map((pack) => this.packs[pack] ?? ''), files: new Map(files) };
  }
}

/** The earlier site in the folder, without the packs that are not worth keeping, which are removed. */
async function earlierSite(folder: string): Promise<Earlier> {
  const text = await readFile(manifestPath(folder), 'utf8').catch(() => null);
  const manifest = text === null ? null : decodeManifest(text);
  const packs = manifest ? await worthKeeping(folder, manifest) : [];
  await removePacks(folder, packs);
  const numbers = new Map((manifest?.packs ?? []).map((id, pack) => [pack, packs.indexOf(id)]));
  const files = new Map<string, Place>();
  for (const [path, place] of manifest?.files ?? []) {
    const pack = numbers.get(place.pack) ?? -1;
    if (pack !== -1) files.set(path, { ...place, pack });
  }
  return { packs, files };
}

/** The largest packs. A pack must be there whole, and at least half of it in use. */
async function worthKeeping(folder: string, { packs, files }: Manifest): Promise<string[]> {
  const used = packs.map(() => 0);
  const ends = packs.map(() => 0);
  for (const { pack, offset, bytes } of files.values()) {
    used[pack] = (used[pack] ?? 0) + bytes;
    ends[pack] = Math.max(ends[pack] ?? 0, offset + bytes);
  }
  const sizes = await Promise.all(
    packs.map((id) =>
      stat(packPath(folder, id)).then(
        ({ size }) => size,
        () => -1,
      ),
    ),
  );
  const usable = packs
    .map((id, pack) => ({ id, used: used[pack] ?? 0, end: ends[pack] ?? 0, size: sizes[pack] ?? -1 }))
    .filter(({ used: live, end, size }) => size >= end && live > 0 && live * 2 >= size);
  return usable
    .sort((a, b) => b.used - a.used)
    .slice(0, MAX_PACKS - 1)
    .map(({ id }) => id);
}

async function removePacks(folder: string, ids: readonly string[]): Promise<void> {
  const keep = new Set(ids.map((id) => packPath(folder, id)));
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (/^\.[0-9a-f]{32}\.pack$/.test(name) && !keep.has(path)) await rm(path);
  }
}
