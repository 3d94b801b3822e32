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
}

/** The objects of a view, each once. */
export function objectsOf(view: IndexView): IndexedObject[] {
  const objects = new Map<ObjectId, IndexedObject>();
  for (const { index } of view.files) {
    for (const object of index.objects()) if (!objects.has(object.id)) objects.set(object.id, object);
  }
  return [...objects.values()];
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
  private loaded = new Map<string, PackIndex>();

  constructor(
    private readonly storage: BlobStorage,
    private readonly repositoryId: string,
  ) {}

  /** Reads the published files. */
  async refresh(): Promise<IndexView> {
    for (let attempt = 1; ; attempt++) {
      const view = await this.readFiles(attempt === MAX_ATTEMPTS);
      if (view) return (this.view = view);
    }
  }

  /**
   * Publishes objects, if no other writer published since `base` was read.
   *
   * @returns false if one did: refresh and start over
   */
  async publish(base: IndexView, objects: NewObjects): Promise<boolean> {
    const rollUp = base.files.length >= MAX_FILES;
    const { rows, count } = rollUp ? mergeInto(objects, base) : objects;
    const content = encodePackIndex(rows, count, rollUp || base.number === 0);
    const number = base.number + 1;
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
  async replace(base: IndexView, objects: readonly IndexedObject[]): Promise<boolean> {
    const number = base.number + 1;
    const content = encodePackIndex(objects, objects.length, true);
    if (!(await this.storage.create(this.path(number), content))) return false;
    const view = await this.refresh();
    if (!view.files.some((file) => file.number === number)) return false;
    await this.removeBefore(number);
    return true;
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

  private get folder(): string {
    return `${this.repositoryId}/index`;
  }

  private path(number: number): string {
    return `${this.folder}/${String(number).padStart(10, '0')}.idx`;
  }
}

function mergeInto(objects: NewObjects, view: IndexView): NewObjects {
  const merged = new Map<ObjectId, IndexedObject>();
  for (const object of objects.rows) merged.set(object.id, object);
  for (const { index } of view.files) {
    for (const object of index.objects()) if (!merged.has(object.id)) merged.set(object.id, object);
  }
  return { rows: merged.values(), count: merged.size };
}
