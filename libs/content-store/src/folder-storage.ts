import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OpenFiles } from './open-files.js';
import type { PackStorage, StoredFile } from './pack-storage.js';

/** For files that are being written and folders that are being removed. No repository id begins with a dot. */
const TEMPORARY = '.tmp';

/** A local or shared folder; its file system has to support hard links and atomic renames. */
export class FolderStorage implements PackStorage {
  private readonly openFiles = new OpenFiles();

  constructor(private readonly root: string) {}

  async list(folder: string): Promise<StoredFile[]> {
    const names = (await unlessMissing(readdir(this.path(folder)))) ?? [];
    const files = names.map(async (name) => {
      const status = await unlessMissing(stat(this.path(`${folder}/${name}`)));
      return status ? [{ name, version: `${status.ino}-${status.mtimeMs}-${status.size}` }] : [];
    });
    return (await Promise.all(files)).flat();
  }

  read(path: string): Promise<Buffer | null> {
    return unlessMissing(readFile(this.path(path)));
  }

  readRange(path: string, offset: number, length: number): Promise<Buffer | null> {
    return unlessMissing(this.openFiles.read(this.path(path), offset, length));
  }

  async write(path: string, content: Buffer): Promise<void> {
    await this.place(path, content, (temporary, target) => rename(temporary, target));
  }

  async create(path: string, content: Buffer): Promise<boolean> {
    try {
      // Unlike a rename, a link never replaces an existing file.
      await this.place(path, content, (temporary, target) => link(temporary, target));
      return true;
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
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

  async folders(): Promise<string[]> {
    const entries = (await unlessMissing(readdir(this.root, { withFileTypes: true }))) ?? [];
    return entries.filter((entry) => entry.isDirectory() && entry.name !== TEMPORARY).map(({ name }) => name);
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
  private async place(path: string, content: Buffer, put: (from: string, to: string) => Promise<void>): Promise<void> {
    const target = this.path(path);
    const temporary = await this.temporary();
    try {
      await writeDurably(temporary, content);
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

async function writeDurably(path: string, content: Buffer): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(content);
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
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
