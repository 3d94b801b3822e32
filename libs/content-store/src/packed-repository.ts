import {
  assertObjectId,
  EMPTY_TREE_ID,
  isTreeMode,
  listTree,
  MalformedObjectError,
  parseCommit,
  parseTree,
} from '@reunite/git-objects';
import type {
  Commit,
  GitObject,
  ObjectId,
  ObjectType,
  PackLimits,
  TreeEntry,
  TreeWalkEntry,
  TreeWalkLimits,
} from '@reunite/git-objects';
import type {
  CollectedContent,
  CollectionOptions,
  IngestedSnapshot,
  IngestOptions,
  PackPieces,
  RepositoryObjects,
  RepositoryStats,
} from './content-store.js';
import { CorruptObjectError } from './corrupt-object.error.js';
import { createObjectCache } from './object-cache.js';
import type { ObjectCache } from './object-cache.js';
import { ObjectNotFoundError } from './object-not-found.error.js';
import { ObjectReader } from './object-reader.js';
import type { IndexedObject } from './pack-index.js';
import { PackIngest } from './pack-ingest.js';
import type { BlobStorage } from '@reunite/blob-storage';
import { LFS_FOLDER, RepositoryCollection } from './repository-collection.js';
import { RepositoryIndex } from './repository-index.js';
import { StoreBusyError } from './store-busy.error.js';

/** For the bases of deltas. */
const VERIFY_CACHE_BYTES = 16 * 1024 ** 2;
const MAX_ATTEMPTS = 5;
/** Far below the grace period of a collection: a snapshot that the index had so recently is not removed during a sync. */
const MAX_INDEX_AGE_MS = 60_000;

/** A repository of packs with an index. */
export class PackedRepository implements RepositoryObjects {
  private readonly index: RepositoryIndex;
  private readonly reader: ObjectReader;
  private readonly packs: PackIngest;

  constructor(
    private readonly storage: BlobStorage,
    private readonly repositoryId: string,
    cache: ObjectCache,
    private readonly packLimits: Partial<PackLimits> = {},
  ) {
    this.index = new RepositoryIndex(storage, repositoryId);
    this.reader = new ObjectReader(storage, repositoryId, cache);
    this.packs = new PackIngest(storage, this.index, this.reader, repositoryId);
  }

  ingestPack(pack: PackPieces, options: IngestOptions): Promise<IngestedSnapshot> {
    return this.packs.ingest(pack, { ...options, limits: { ...this.packLimits, ...options.limits } });
  }

  async hasSnapshot(commit: ObjectId): Promise<boolean> {
    assertObjectId(commit);
    const recent = this.index.ageMs > MAX_INDEX_AGE_MS ? null : this.index.view.find(commit);
    const indexed = recent ?? (await this.index.refresh()).find(commit);
    return indexed?.type === 'commit' && indexed.complete;
  }

  async has(id: ObjectId): Promise<boolean> {
    return (await this.find(id)) !== null;
  }

  read(id: ObjectId): Promise<GitObject> {
    return this.withFreshIndex(id, () => this.reader.read(this.index.view, id));
  }

  size(id: ObjectId): Promise<number> {
    return this.withFreshIndex(id, () => this.reader.size(this.index.view, id));
  }

  async readTree(id: ObjectId): Promise<readonly TreeEntry[]> {
    return id === EMPTY_TREE_ID ? [] : parseTree(await this.readTyped(id, 'tree'));
  }

  async readCommit(id: ObjectId): Promise<Commit> {
    return parseCommit(await this.readTyped(id, 'commit'));
  }

  async readPath(treeId: ObjectId, path: string): Promise<TreeEntry | null> {
    let folder: ObjectId | null = treeId;
    let entry: TreeEntry | null = null;
    for (const name of path.split('/')) {
      if (folder === null) return null;
      entry = (await this.readTree(folder)).find((candidate) => candidate.name === name) ?? null;
      folder = entry && isTreeMode(entry.mode) ? entry.id : null;
    }
    return entry;
  }

  async readLfsObject(pointer: ObjectId): Promise<AsyncIterable<Buffer> | null> {
    const path = this.lfsPath(pointer);
    const blob = await this.storage.head(path);
    return blob && ((await this.storage.stream(path, 0, blob.bytes)) as AsyncIterable<Buffer> | null);
  }

  writeLfsObject(pointer: ObjectId, content: AsyncIterable<Buffer>): Promise<void> {
    return this.storage.write(this.lfsPath(pointer), content);
  }

  walk(treeId: ObjectId, limits?: TreeWalkLimits): AsyncGenerator<TreeWalkEntry> {
    return listTree(treeId, (id) => this.readTree(id), limits);
  }

  collect(options: CollectionOptions): Promise<CollectedContent> {
    const { storage, index, repositoryId } = this;
    return new RepositoryCollection({ storage, index, repositoryId }).collect(options);
  }

  async verify(): Promise<ObjectId[]> {
    const view = await this.index.refresh();
    const reader = new ObjectReader(this.storage, this.repositoryId, createObjectCache(VERIFY_CACHE_BYTES));
    const damaged: ObjectId[] = [];
    for (const { id } of view.merged().objects()) {
      await reader.read(view, id).catch((error: unknown) => {
        if (!(error instanceof CorruptObjectError)) throw error;
        damaged.push(id);
      });
    }
    return damaged;
  }

  async discard(ids: readonly ObjectId[]): Promise<void> {
    const discarded = new Set(ids);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const view = await this.index.refresh();
      const objects = [...view.merged().objects()].filter(({ id }) => !discarded.has(id));
      const rows = objects.map((object) => ({ ...object, complete: false }));
      if (await this.index.replace(view, { rows, count: rows.length })) return;
    }
    throw new StoreBusyError(this.repositoryId);
  }

  async stats(): Promise<RepositoryStats> {
    const view = await this.index.refresh();
    const blobs = await this.storage.list(`${this.repositoryId}/packs`);
    return {
      objects: view.merged().size,
      packs: blobs.length,
      bytes: blobs.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  private lfsPath(pointer: ObjectId): string {
    assertObjectId(pointer);
    return `${this.repositoryId}/${LFS_FOLDER}/${pointer}`;
  }

  /** Refreshes the index if the object is unknown: another process may have published it. */
  private async find(id: ObjectId): Promise<IndexedObject | null> {
    assertObjectId(id);
    return this.index.view.find(id) ?? (await this.index.refresh()).find(id);
  }

  /** Reads again with a fresh index if the object cannot be read: another process may have removed or repacked it. */
  private async withFreshIndex<Result>(id: ObjectId, read: () => Promise<Result | null>): Promise<Result> {
    if (!(await this.find(id))) throw new ObjectNotFoundError(this.repositoryId, id);
    let result: Result | null;
    try {
      result = await read();
    } catch (error) {
      if (!(error instanceof CorruptObjectError)) throw error;
      await this.index.refresh();
      result = await read();
    }
    if (result === null) throw new ObjectNotFoundError(this.repositoryId, id);
    return result;
  }

  private async readTyped(id: ObjectId, type: ObjectType): Promise<Buffer> {
    const object = await this.read(id);
    if (object.type !== type) throw new MalformedObjectError(`Object ${id} is a ${object.type}, not a ${type}.`);
    return object.body;
  }
}
