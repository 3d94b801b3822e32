import type { ObjectId } from '@reunite/git-objects';
import { CorruptObjectError } from './corrupt-object.error.js';
import { encodePackIndex, PackIndex } from './pack-index.js';
import type { IndexedObject } from './pack-index.js';
import type { BlobStorage } from '@reunite/blob-storage';

/** Index files are merged when there are this many. */
const MAX_FILES = 32;
const FILE_NAME = /^(\d{10})\.idx$/;
/** Attempts to read a listing that changes meanwhile. */
const MAX_ATTEMPTS = 10;

interface NumberedIndex {
  readonly number: number;
  readonly index: PackIndex;
}

/** The objects that one ingest adds. */
export interface NewObjects {
  readonly rows: Iterable<IndexedObject>;
  readonly count: number;
}

/** The objects of a repository at one moment. */
export class IndexView {
  /** @param files newest first, without gaps, the last one self-contained */
  constructor(readonly files: readonly NumberedIndex[]) {}

  /** The number of the newest file; 0 if there is none. */
  get number(): number {
    return this.files[0]?.number ?? 0;
  }

  find(id: ObjectId): IndexedObject | null {
    const bytes = Buffer.from(id, 'hex');
    for (const { index } of this.files) {
      const object = index.find(bytes);
      if (object) return object;
    }
    return null;
  }

  /** All objects, each once, in one index. Takes 58 bytes of memory for each. */
  merged(): PackIndex {
    const [newest] = this.files;
    if (newest?.index.selfContained) return newest.index;
    let count = 0;
    for (const rows = this.rows(); !rows.next().done;) count += 1;
    return new PackIndex(encodePackIndex(this.objects(), count, true));
  }

  private *objects(): Generator<IndexedObject> {
    for (const { index, row } of this.rows()) yield index.row(row);
  }

  /** The rows that no newer file replaces. */
  private *rows(): Generator<{ readonly index: PackIndex; readonly row: number }> {
    const newer: PackIndex[] = [];
    for (const { index } of this.files) {
      for (let row = 0; row < index.size; row += 1) {
        if (newer.every((other) => other.rowOf(index.idAt(row)) < 0)) yield { index, row };
      }
      newer.push(index);
    }
  }
}

/**
 * The index of a repository: files numbered from 1. Each lists the objects of one ingest; some are self-contained and
 * also list all earlier ones.
 *
 * Creating the next number publishes a file, and only one of several writers succeeds; the others refresh and start
 * over. So every writer has read everything published before it, each object has one location, and delta chains are
 * acyclic.
 */
export class RepositoryIndex {
  view = new IndexView([]);
  private refreshedAt = 0;
  private loaded = new Map<string, PackIndex>();

  constructor(
    private readonly storage: BlobStorage,
    private readonly repositoryId: string,
  ) {}

  /** Time since the published files were read. */
  get ageMs(): number {
    return Date.now() - this.refreshedAt;
  }

  /** Reads the published files. */
  async refresh(): Promise<IndexView> {
    const startedAt = Date.now();
    for (let attempt = 1; ; attempt++) {
      const view = await this.readFiles(attempt === MAX_ATTEMPTS);
      if (!view) continue;
      this.refreshedAt = startedAt;
      return (this.view = view);
    }
  }

  /**
   * Publishes objects, if no other writer published since `base` was read.
   *
   * @returns false if one did: refresh and start over
   */
  async publish(base: IndexView, objects: NewObjects): Promise<boolean> {
    const rollUp = base.files.length >= MAX_FILES;
    const number = base.number + 1;
    const added = encodePackIndex(objects.rows, objects.count, base.number === 0);
    const content = rollUp ? withObjects(base, new PackIndex(added)).merged().bytes : added;
    if (!(await this.storage.create(this.path(number), content))) return false;
    // A merged file may have replaced the files around this number, which made it free: then the new file is not read.
    const view = await this.refresh().catch(async (error: unknown) => {
      await this.storage.remove(this.path(number)); // the repository was removed meanwhile, with the files that this one extends
      throw error;
    });
    if (!view.files.some((file) => file.number === number)) return false;
    if (rollUp) await this.removeBefore(number);
    return true;
  }

  /**
   * Publishes exactly these objects instead of all earlier ones, if no other writer published since `base` was read.
   *
   * @returns false if one did
   */
  async replace(base: IndexView, objects: NewObjects): Promise<boolean> {
    const number = base.number + 1;
    const content = encodePackIndex(objects.rows, objects.count, true);
    // Before it: a reader of the new index finds a mark that is at least as new.
    await this.storage.write(this.mark, Buffer.alloc(0));
    if (!(await this.storage.create(this.path(number), content))) return false;
    const view = await this.refresh();
    if (!view.files.some((file) => file.number === number)) return false;
    await this.removeBefore(number);
    return true;
  }

  /**
   * When the last {@link replace} began, by the clock of the storage; null if there was none. Read it after the view: then no
   * later replacement is in the view.
   */
  async replacedAt(): Promise<Date | null> {
    return (await this.storage.head(this.mark))?.modified ?? null;
  }

  /** @returns null if files were replaced while they were read: the next attempt finds the new ones */
  private async readFiles(isLast: boolean): Promise<IndexView | null> {
    const listed = await this.list();
    const loaded = new Map<string, PackIndex>();
    const files: NumberedIndex[] = [];
    for (const { name, version, number } of listed) {
      const key = `${number}@${version}`;
      const index = this.loaded.get(key) ?? (await this.load(name));
      const previous = files.at(-1);
      if (!index || (previous && previous.number !== number + 1)) break;
      loaded.set(key, index);
      files.push({ number, index });
      if (index.selfContained) break; // it also lists the objects of older files
    }
    if (files.length === 0 ? listed.length === 0 : files.at(-1)?.index.selfContained) {
      this.loaded = loaded;
      return new IndexView(files);
    }
    if (isLast) throw new CorruptObjectError(this.repositoryId, 'files of its index are missing');
    return null;
  }

  /** Newest first. */
  private async list(): Promise<{ name: string; version: string; number: number }[]> {
    return (await this.storage.list(this.folder))
      .map(({ name, version }) => ({ name, version, number: Number(FILE_NAME.exec(name)?.[1] ?? 0) }))
      .filter(({ number }) => number > 0)
      .sort((a, b) => b.number - a.number);
  }

  private async removeBefore(number: number): Promise<void> {
    const older = (await this.list()).filter((file) => file.number < number);
    await Promise.all(older.map((file) => this.storage.remove(this.path(file.number))));
  }

  private async load(name: string): Promise<PackIndex | null> {
    const bytes = await this.storage.read(`${this.folder}/${name}`);
    try {
      return bytes && new PackIndex(bytes);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : 'it cannot be read';
      throw new CorruptObjectError(this.repositoryId, `index file ${name}: ${why}`, { cause });
    }
  }

  private get mark(): string {
    return `${this.repositoryId}/replaced`;
  }

  private get folder(): string {
    return `${this.repositoryId}/index`;
  }

  private path(number: number): string {
    return `${this.folder}/${String(number).padStart(10, '0')}.idx`;
  }
}

function withObjects({ number, files }: IndexView, index: PackIndex): IndexView {
  return new IndexView([{ number: number + 1, index }, ...files]);
}
