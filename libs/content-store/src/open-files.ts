import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** More than a build reads from at a time, far from what a process may hold open. */
const MAX_OPEN = 32;

interface OpenFile {
  readonly handle: Promise<FileHandle>;
  readers: number;
  dropped: boolean;
}

/** Keeps the files read last open: a build reads thousands of objects out of few packs. */
export class OpenFiles {
  private readonly files = new Map<string, OpenFile>();

  /** @throws what opening or reading throws, ENOENT among it. */
  async read(path: string, offset: number, length: number): Promise<Buffer> {
    const file = this.acquire(path);
    file.readers++;
    try {
      const bytes = Buffer.allocUnsafe(length);
      const { bytesRead } = await (await file.handle).read(bytes, 0, length, offset);
      return bytes.subarray(0, bytesRead);
    } catch (error) {
      await this.drop(path, file);
      throw error;
    } finally {
      file.readers--;
      await this.closeUnused(file);
    }
  }

  /** Closes the files below a path, or all. Reads under way end first. */
  async close(prefix = ''): Promise<void> {
    const below = [...this.files].filter(([path]) => path.startsWith(prefix));
    await Promise.all(below.map(([path, file]) => this.drop(path, file)));
  }

  private acquire(path: string): OpenFile {
    const file = this.files.get(path) ?? { handle: open(path, 'r'), readers: 0, dropped: false };
    this.files.delete(path);
    this.files.set(path, file); // last in the map is the one used last
    const [oldest] = this.files;
    // Its reads fail by themselves when closing does; whoever evicts it has nothing to do with that.
    if (oldest && this.files.size > MAX_OPEN) this.drop(...oldest).catch(() => undefined);
    return file;
  }

  private async drop(path: string, file: OpenFile): Promise<void> {
    if (this.files.get(path) === file) this.files.delete(path);
    if (file.dropped) return;
    file.dropped = true;
    await this.closeUnused(file);
  }

  private async closeUnused(file: OpenFile): Promise<void> {
    if (!file.dropped || file.readers > 0) return;
    const handle = await file.handle.catch(() => null); // it never opened
    await handle?.close();
  }
}
