import type { ObjectId } from '@reunite/git-objects';
import { CorruptObjectError } from './corrupt-object.error.js';
import { encodePackIndex, PackIndex } from './pack-index.js';
import type { IndexedObject } from './pack-index.js';
import type { PackStorage } from './pack-storage.js';

/** So many index files are searched one after the other before they are made one. */
const MAX_FILES = 32;
const FILE_NAME = /^(\d{10})\.idx$/;
/** How often a listing that changes while it is read is read again. */
const MAX_ATTEMPTS = 10;

interface NumberedIndex {
  readonly number: number;
  readonly index: PackIndex;
}

/** What a repository held at one moment. */
export class IndexView {
  /** @param files newest first, without a gap, the last one self-contained. */
  constructor(readonly files: readonly NumberedIndex[]) {}

  /** The number of the newest file; 0 when there is none. */
  get number(): number {
    return this.files[0]?.number ?? 0;
  }

  find(id: ObjectId): IndexedObject | null {
    const bytes = Buffer.from(id, 'hex');
    for (const { index } of this.files) {
      const found = index.find(bytes);
      if (found) return found;
    }
    return null;
  }
}

/**
 * The index of a repository: files numbered from 1, each telling what one ingest added, now and then one that tells all before it too.
 *
 * A file is published by creating the next number, which of several writers one can do; the others look again and start over. So every
 * writer has seen all that was published before it, no object is indexed at two places, and a chain of differences cannot become a circle.
 */
export class RepositoryIndex {
  view = new IndexView([]);
  private loaded = new Map<string, PackIndex>();

  constructor(
    private readonly storage: PackStorage,
    private readonly repositoryId: string,
  ) {}

  /** Looks at what is published now. */
  async refresh(): Promise<IndexView> {
    for (let attempt = 1; ; attempt++) {
      const view = await this.readFiles(attempt === MAX_ATTEMPTS);
      if (view) return (this.view = view);
    }
  }

  /**
   * Publishes objects, if nobody else published since `seen`.
   *
   * @returns false when somebody did: look again and start over.
   */
  async publish(seen: IndexView, objects: readonly IndexedObject[]): Promise<boolean> {
    const rollUp = seen.files.length >= MAX_FILES;
    const content = encodePackIndex(rollUp ? mergeInto(objects, seen) : objects, rollUp || seen.number === 0);
    const number = seen.number + 1;
    if (!(await this.storage.create(this.path(number), content))) return false;
    // The number can have been free since a rolled-up file took the place of this one and all around it: then nobody sees it.
    const view = await this.refresh().catch(async (error: unknown) => {
      await this.storage.remove(this.path(number)); // the repository was removed meanwhile: what this builds on is gone
      throw error;
    });
    if (!view.files.some((file) => file.number === number)) return false;
    if (rollUp) await this.removeBefore(number);
    return true;
  }

  /** @returns null when files went away while they were read: those that took their place will be there on the next look. */
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
      if (index.selfContained) break; // what is older is told by this one too
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

function mergeInto(objects: readonly IndexedObject[], view: IndexView): IndexedObject[] {
  const merged = new Map(objects.map((object) => [object.id, object]));
  for (const { index } of view.files) {
    for (const object of index.objects()) if (!merged.has(object.id)) merged.set(object.id, object);
  }
  return [...merged.values()];
}
