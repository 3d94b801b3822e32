import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { BlobStorage, StoredBlob } from './blob-storage.js';
import { OpenFiles, READ } from './open-files.js';

/** For files that are being written and folders that are being removed. Callers generate no names that begin with a dot. */
const TEMPORARY = '.tmp';

/**
 * A local or shared folder; its file system has to support hard links and atomic renames. Blobs that are symbolic links
 * count as missing.
 */
export class FolderStorage implements BlobStorage {
  private readonly openFiles = new OpenFiles();

  constructor(private readonly root: string) {}

  async list(folder: string): Promise<StoredBlob[]> {
    const names = (await unlessMissing(readdir(this.path(folder)))) ?? [];
    const blobs = await Promise.all(names.map((name) => this.head(`${folder}/${name}`)));
    return blobs.filter((blob) => blob !== null);
  }

  async folders(folder = ''): Promise<string[]> {
    const entries = (await unlessMissing(readdir(this.path(folder), { withFileTypes: true }))) ?? [];
    return entries.filter((entry) => entry.isDirectory() && entry.name !== TEMPORARY).map(({ name }) => name);
  }

  async head(path: string): Promise<StoredBlob | null> {
    const status = await unlessMissing(stat(this.path(path)));
    return status?.isFile() === true ? blobOf(basename(path), status) : null;
  }

  read(path: string): Promise<Buffer | null> {
    return unlessMissing(readFile(this.path(path), { flag: READ }));
  }

  readRange(path: string, offset: number, length: number): Promise<Buffer | null> {
    return unlessMissing(this.openFiles.read(this.path(path), offset, length));
  }

  async stream(path: string, offset: number, length: number): Promise<Readable | null> {
    if (length === 0) return (await this.head(path)) && Readable.from([]);
    const handle = await unlessMissing(open(this.path(path), READ));
    // The stream closes the file.
    return handle && handle.createReadStream({ start: offset, end: offset + length - 1 });
  }

  async write(path: string, content: Buffer | AsyncIterable<Buffer>): Promise<void> {
    await this.place(path, (file) => writeDurably(file, content), rename);
  }

  async create(path: string, content: Buffer): Promise<boolean> {
    try {
      // Unlike a rename, a link never replaces an existing file.
      await this.place(path, (file) => writeDurably(file, content), link);
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
  }

  async writeFile(path: string, file: string): Promise<void> {
    await this.place(path, (temporary) => moveDurably(file, temporary), rename);
  }

  temporaryFile(): Promise<string> {
    return this.temporary();
  }

  async remove(path: string): Promise<void> {
    await rm(this.path(path), { force: true });
  }

  async removeFolder(folder: string): Promise<void> {
    const leaving = await this.temporary();
    // A rename removes it atomically, however long the deletion takes.
    await unlessMissing(rename(this.path(folder), leaving));
    await this.openFiles.close(this.path(`${folder}/`));
    await rm(leaving, { recursive: true, force: true });
  }

  async removeLeftovers(before: Date): Promise<void> {
    for (const name of (await unlessMissing(readdir(this.path(TEMPORARY)))) ?? []) {
      const leftover = this.path(`${TEMPORARY}/${name}`);
      const status = await unlessMissing(stat(leftover));
      if (status && status.mtime < before) await rm(leftover, { recursive: true, force: true });
    }
  }

  async close(): Promise<void> {
    await this.openFiles.close();
  }

  /** A crash at any line leaves `path` unchanged, and at most a file in the temporary folder. */
  private async place(
    path: string,
    prepare: (file: string) => Promise<void>,
    put: (from: string, to: string) => Promise<void>,
  ): Promise<void> {
    const target = this.path(path);
    const temporary = await this.temporary();
    try {
      await prepare(temporary);
      await this.makeFolder(dirname(target));
      await put(temporary, target);
      await syncFolder(dirname(target));
    } finally {
      await rm(temporary, { force: true });
    }
  }

  private async temporary(): Promise<string> {
    const folder = this.path(TEMPORARY);
    await mkdir(folder, { recursive: true });
    return join(folder, randomUUID());
  }

  /** A new folder is durable once its parent is synced. */
  private async makeFolder(folder: string): Promise<void> {
    const made = await mkdir(folder, { recursive: true });
    if (made === undefined) return;
    for (let at = folder; at !== dirname(made); at = dirname(at)) await syncFolder(dirname(at));
  }

  private path(path: string): string {
    return join(this.root, path);
  }
}

function blobOf(name: string, { ino, mtimeMs, mtime, size }: Stats): StoredBlob {
  return { name, version: `${ino}-${mtimeMs}-${size}`, bytes: size, modified: mtime };
}

async function writeDurably(path: string, content: Buffer | AsyncIterable<Buffer>): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await writeFile(handle, content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Moves a file, or copies it from another file system. @throws an ELOOP error for a symbolic link */
async function moveDurably(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!hasCode(error, 'EXDEV')) throw error;
    const source = await open(from, READ);
    await writeFile(to, source.createReadStream());
  }
  const handle = await open(to, constants.O_RDWR | constants.O_NOFOLLOW);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return null;
    throw error;
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && codes.some((code) => code === error.code);
}
