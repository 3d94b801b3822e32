import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FolderStorage } from '@reunite/blob-storage';
import type { BlobStorage, StoredBlob } from '@reunite/blob-storage';
import { CorruptObjectError } from './corrupt-object.error.js';

export interface LocalCopySettings {
  readonly folder: string;
  /** Size of the copies that are kept for later uses, in bytes. Copies in use may exceed it. */
  readonly maxBytes: number;
}

/** Attempts to copy a repository whose files are replaced meanwhile. */
const MAX_ATTEMPTS = 5;
/** A folder of a process that ended without removing it. */
const ABANDONED_MS = 24 * 60 * 60 * 1_000;
const FOLDERS = ['index', 'packs'] as const;

/** A copy of a repository in a folder of its own. */
interface Copy {
  readonly root: string;
  readonly storage: FolderStorage;
  /** Versions of the copied files, by path. */
  readonly versions: Map<string, string>;
  // eslint-disable-next-line no-restricted-syntax -- grows with each update
  bytes: number;
  // eslint-disable-next-line no-restricted-syntax -- counts the uses that are running
  users: number;
  // eslint-disable-next-line no-restricted-syntax -- updates of one copy run one after the other
  updating: Promise<unknown>;
}

/**
 * Copies repositories from a bucket to a local folder, for processes that have no credentials for the bucket. Files of a
 * repository do not change, so an update copies the new ones.
 */
export class LocalCopies {
  /** From the least to the most recently used. */
  private readonly copies = new Map<string, Copy>();
  private opened: Promise<string> | null = null;

  constructor(
    private readonly source: BlobStorage,
    private readonly settings: LocalCopySettings,
  ) {}

  /** Updates the copy of a repository, and keeps it while `work` runs. @param work gets the URL of a content store */
  async use<Result>(repositoryId: string, work: (url: string) => Promise<Result>): Promise<Result> {
    const copy = await this.acquire(repositoryId);
    try {
      return await work(pathToFileURL(copy.root).href);
    } finally {
      copy.users -= 1;
      await this.evict();
    }
  }

  async close(): Promise<void> {
    const root = await this.opened;
    await Promise.all([...this.copies.values()].map(({ storage }) => storage.close()));
    this.copies.clear();
    if (root !== null) await rm(root, { recursive: true, force: true });
  }

  private async acquire(repositoryId: string): Promise<Copy> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const copy = this.copies.get(repositoryId) ?? (await this.create());
      this.copies.delete(repositoryId);
      this.copies.set(repositoryId, copy);
      copy.users += 1;
      const update = copy.updating.then(() => this.update(repositoryId, copy));
      copy.updating = update.catch(() => undefined);
      try {
        if (await update) return copy;
      } catch (error) {
        copy.users -= 1;
        throw error;
      }
      // The content was removed and synced again, under the same names: start with an empty folder.
      copy.users -= 1;
      if (this.copies.get(repositoryId) === copy) this.copies.delete(repositoryId);
    }
    throw new CorruptObjectError(repositoryId, 'its files are replaced again and again');
  }

  private async create(): Promise<Copy> {
    const root = join(await this.root(), randomUUID());
    const storage = new FolderStorage(root);
    return { root, storage, versions: new Map(), bytes: 0, users: 0, updating: Promise.resolve() };
  }

  /** @returns false if a copied file has been replaced by another one of its name */
  private async update(repositoryId: string, copy: Copy): Promise<boolean> {
    // The index first: the packs that it names are in the list of packs then.
    for (const folder of FOLDERS) {
      const path = `${repositoryId}/${folder}`;
      const blobs = await this.source.list(path);
      if (folder === 'index' && !isContinuation(path, blobs, copy)) return false;
      for (const blob of blobs) await this.copyBlob(`${path}/${blob.name}`, blob, copy);
    }
    return true;
  }

  private async copyBlob(path: string, { version, bytes }: StoredBlob, copy: Copy): Promise<void> {
    if (copy.versions.has(path)) return;
    const content = await this.source.stream(path, 0, bytes);
    // It was removed after it was listed, so no newer index needs it.
    if (content === null) return;
    await copy.storage.write(path, content as AsyncIterable<Buffer>);
    copy.versions.set(path, version);
    copy.bytes += bytes;
  }

  /** Removes the least recently used copies that exceed the limit, unless they are in use. */
  private async evict(): Promise<void> {
    let bytes = [...this.copies.values()].reduce((sum, copy) => sum + copy.bytes, 0);
    for (const [repositoryId, copy] of this.copies) {
      if (bytes <= this.settings.maxBytes) return;
      if (copy.users > 0) continue;
      this.copies.delete(repositoryId);
      bytes -= copy.bytes;
      await copy.storage.close();
      await rm(copy.root, { recursive: true, force: true });
    }
  }

  /** The folder of this process. */
  private root(): Promise<string> {
    return (this.opened ??= this.openRoot());
  }

  private async openRoot(): Promise<string> {
    const { folder } = this.settings;
    await mkdir(folder, { recursive: true });
    for (const name of await readdir(folder)) {
      const status = await stat(join(folder, name)).catch(() => null);
      const isAbandoned = status !== null && status.mtimeMs < Date.now() - ABANDONED_MS;
      if (isAbandoned) await rm(join(folder, name), { recursive: true, force: true });
    }
    const root = await mkdtemp(join(folder, 'process-'));
    const timer = setInterval(
      () => void utimes(root, new Date(), new Date()).catch(() => clearInterval(timer)),
      ABANDONED_MS / 4,
    );
    timer.unref();
    return root;
  }
}

/** True if the copied index files of a repository are the same files as the listed ones, as far as they still exist. */
function isContinuation(folder: string, blobs: readonly StoredBlob[], { versions }: Copy): boolean {
  const newest = Math.max(0, ...blobs.map(({ name }) => Number.parseInt(name, 10) || 0));
  const copied = [...versions.keys()].filter((path) => path.startsWith(`${folder}/`));
  const isNewer = (path: string) => Number.parseInt(path.slice(folder.length + 1), 10) > newest;
  return (
    !copied.some(isNewer) &&
    blobs.every(({ name, version }) => (versions.get(`${folder}/${name}`) ?? version) === version)
  );
}
