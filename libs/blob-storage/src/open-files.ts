import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';

/** Symbolic links are not followed. */
export const READ = constants.O_RDONLY | constants.O_NOFOLLOW;
/** More than one build reads at a time, and far below the limit of a process. */
const MAX_OPEN = 32;

interface OpenFile {
  readonly handle: Promise<FileHandle>;
  // eslint-disable-next-line no-restricted-syntax -- counts the reads that are running
  readers: number;
  // eslint-disable-next-line no-restricted-syntax -- set once the file has left the cache
  isDropped: boolean;
}

/** Keeps recently read files open: a build reads thousands of objects from few packs. */
export class OpenFiles {
  private readonly files = new LRUCache<string, OpenFile>({
    max: MAX_OPEN,
    dispose: (file) => {
      // Reads of this file fail by themselves if closing it does.
      this.drop(file).catch(() => undefined);
    },
  });

  /** @throws the errors of opening and reading, such as ENOENT */
  async read(path: string, offset: number, length: number): Promise<Buffer> {
    const file = this.acquire(path);
    file.readers++;
    try {
      const bytes = Buffer.allocUnsafe(length);
      const { bytesRead } = await (await file.handle).read(bytes, 0, length, offset);
      return bytes.subarray(0, bytesRead);
    } catch (error) {
      if (this.files.peek(path) === file) this.files.delete(path);
      throw error;
    } finally {
      file.readers--;
      await this.closeUnused(file);
    }
  }

  /** Closes the files below a path, or all, once current reads are done. */
  async close(prefix = ''): Promise<void> {
    const below = [...this.files.entries()].filter(([path]) => path.startsWith(prefix));
    for (const [path] of below) this.files.delete(path);
    await Promise.all(below.map(([, file]) => this.drop(file)));
  }

  private acquire(path: string): OpenFile {
    const existing = this.files.get(path);
    if (existing) return existing;
    const file = { handle: open(path, READ), readers: 0, isDropped: false };
    this.files.set(path, file);
    return file;
  }

  private async drop(file: OpenFile): Promise<void> {
    file.isDropped = true;
    await this.closeUnused(file);
  }

  private async closeUnused(file: OpenFile): Promise<void> {
    if (!file.isDropped || file.readers > 0) return;
    const handle = await file.handle.catch(() => null); // it never opened
    await handle?.close();
  }
}
