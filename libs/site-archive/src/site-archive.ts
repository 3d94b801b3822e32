import { constants } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { decodeManifest, manifestPath, packPath, type Manifest } from './manifest.js';

/** An open file of a site: `bytes` bytes of `handle` from `offset` on. The caller closes the handle. */
export interface ArchivedFile {
  readonly handle: FileHandle;
  readonly offset: number;
  readonly bytes: number;
}

/** A site in packs, which never change. */
export class SiteArchive {
  private readonly folders: ReadonlySet<string>;

  private constructor(
    private readonly folder: string,
    private readonly manifest: Manifest,
    /** Identifies the stored manifest. */
    readonly version: string,
    /** Size of the stored manifest. */
    readonly manifestBytes: number,
  ) {
    this.folders = foldersOf(manifest.files.keys());
  }

  /** @returns null if the folder has no readable manifest */
  static async open(folder: string): Promise<SiteArchive | null> {
    const version = await SiteArchive.versionOf(folder);
    const text = version === null ? null : await readFile(manifestPath(folder), 'utf8').catch(() => null);
    const manifest = text === null ? null : decodeManifest(text);
    return manifest && text !== null && version !== null
      ? new SiteArchive(folder, manifest, version, text.length)
      : null;
  }

  /** Changes when the site in the folder is replaced. Null if the folder has no manifest. */
  static async versionOf(folder: string): Promise<string | null> {
    const status = await stat(manifestPath(folder)).catch(() => null);
    return status?.isFile() === true ? `${status.ino}-${status.mtimeMs}-${status.size}` : null;
  }

  /** True if files of the site are below the path. */
  hasFolder(path: string): boolean {
    return this.folders.has(path);
  }

  hasFile(path: string): boolean {
    return this.manifest.files.has(path);
  }

  /** @returns null if there is no such file, or if its pack is missing, too short or a link */
  async openFile(path: string): Promise<ArchivedFile | null> {
    const place = this.manifest.files.get(path);
    const id = place && this.manifest.packs[place.pack];
    if (!place || id === undefined) return null;
    const { offset, bytes } = place;
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
    const handle = await open(packPath(this.folder, id), flags).catch(() => null);
    if (handle === null) return null;
    const status = await handle.stat();
    if (status.isFile() && offset + bytes <= status.size) return { handle, offset, bytes };
    await handle.close();
    return null;
  }

  /** The whole content of a file, or null as for {@link openFile}. */
  async read(path: string): Promise<Buffer | null> {
    const file = await this.openFile(path);
    if (!file) return null;
    try {
      const { buffer } = await file.handle.read(Buffer.alloc(file.bytes), 0, file.bytes, file.offset);
      return buffer;
    } finally {
      await file.handle.close();
    }
  }
}

function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      // Those above are known as well then.
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  }
  return folders;
}
