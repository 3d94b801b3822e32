import type {
  Commit,
  GitObject,
  ObjectId,
  PackLimits,
  TreeEntry,
  TreeWalkEntry,
  TreeWalkLimits,
} from '@reunite/git-objects';

/** A pack, in pieces as it arrives. */
export type PackPieces = AsyncIterable<Buffer> | Iterable<Buffer>;

export interface IngestOptions {
  /** The commit whose snapshot the pack contains. */
  readonly commit: ObjectId;
  readonly limits?: Partial<PackLimits>;
  /** Called for each object that was received. */
  readonly onProgress?: (progress: IngestProgress) => void;
  /** Awaited before anything is published; rejects if the content must not be used. */
  readonly confirm?: () => Promise<void>;
}

export interface IngestProgress {
  /** Objects so far. */
  readonly objects: number;
  /** Bytes of the pack so far. */
  readonly bytes: number;
}

export interface IngestedSnapshot {
  readonly commit: ObjectId;
  /** The root tree of the snapshot. */
  readonly tree: ObjectId;
  /** Number of new objects. */
  readonly objects: number;
  /** Size of the pack. */
  readonly bytes: number;
}

/**
 * The git objects of one repository, isolated from all others. Every object is hashed when it is read, so its content
 * matches its id.
 */
export interface RepositoryObjects {
  /**
   * Stores a pack while it arrives, in little memory, if it completes the snapshot of the commit (P4): every tree and
   * blob below the commit's tree is in the pack or already stored. Otherwise nothing is published. Idempotent, also for concurrent calls.
   *
   * @throws IncompleteSnapshotError, MissingDeltaBaseError: fetch again without `have`. LimitExceededError,
   *   MalformedObjectError: not retryable. StoreBusyError, PackMemoryError: retry.
   */
  ingestPack(pack: PackPieces, options: IngestOptions): Promise<IngestedSnapshot>;

  /** True if the commit's complete snapshot is stored: it needs no fetch and can be a `have`. */
  hasSnapshot(commit: ObjectId): Promise<boolean>;
  has(id: ObjectId): Promise<boolean>;
  /** @throws ObjectNotFoundError; CorruptObjectError if the stored object is damaged */
  read(id: ObjectId): Promise<GitObject>;
  /** The size of an object in bytes, without inflating it. @throws as {@link read} */
  size(id: ObjectId): Promise<number>;
  /**
   * The entries of a tree, for `diffTrees` and `listTree`.
   *
   * @throws as {@link read}; MalformedObjectError if it is no tree
   */
  readTree(id: ObjectId): Promise<readonly TreeEntry[]>;
  /** @throws as {@link read}; MalformedObjectError if it is no commit */
  readCommit(id: ObjectId): Promise<Commit>;
  /**
   * The entry at a path below a tree, with `/` between names; null if there is none. Does not follow symbolic links.
   */
  readPath(treeId: ObjectId, path: string): Promise<TreeEntry | null>;
  /**
   * The stored content of a Git LFS pointer, unverified; null if it is not stored. A repository does not see what others
   * stored.
   *
   * @param pointer the blob of the pointer
   */
  readLfsObject(pointer: ObjectId): Promise<AsyncIterable<Buffer> | null>;
  /**
   * Stores the content of a Git LFS pointer, until a collection finds that the pointer's blob is gone.
   *
   * @throws the errors of `content`; then nothing is stored
   */
  writeLfsObject(pointer: ObjectId, content: AsyncIterable<Buffer>): Promise<void>;
  /** All entries below a tree; see `listTree`. */
  walk(treeId: ObjectId, limits?: TreeWalkLimits): AsyncGenerator<TreeWalkEntry>;

  /**
   * Removes what the roots do not reach, and merges small packs. Safe beside syncs, builds and other collections, in any
   * number of processes, if each of them takes less than the grace period: a run marks what became unreachable as incomplete, so
   * that no sync relies on it, and a run that comes a grace period later removes it.
   *
   * @throws CorruptObjectError if an object that it reads is damaged; nothing is removed
   */
  collect(options: CollectionOptions): Promise<CollectedContent>;

  /**
   * Reads every object from the storage.
   *
   * @returns the ids of damaged objects, and of deltas on them
   * @throws CorruptObjectError if the index is damaged
   */
  verify(): Promise<ObjectId[]>;
  /**
   * Removes objects from the index, and marks every snapshot as incomplete: the next sync of a ref fetches its whole snapshot,
   * which adds what is missing.
   *
   * @throws StoreBusyError
   */
  discard(ids: readonly ObjectId[]): Promise<void>;
  stats(): Promise<RepositoryStats>;
}

export interface CollectionOptions {
  /** End of the grace period. What was stored, or marked, after it is kept. */
  readonly before: Date;
  /** Commits and trees whose content is kept, but not the parents of commits. Ids that are not stored are ignored. */
  readonly roots: Iterable<ObjectId>;
}

export interface CollectedContent {
  /** Snapshots and folders that became unreachable, and are removed by a later run. */
  readonly marked: number;
  readonly removedObjects: number;
  /** Packs whose objects were copied to a new one. Their files are removed by a later run. */
  readonly mergedPacks: number;
  readonly removedPacks: number;
  /** Size of the removed packs. */
  readonly removedBytes: number;
}

export interface RepositoryStats {
  readonly objects: number;
  readonly packs: number;
  /** Size of the packs. */
  readonly bytes: number;
}

/** Git objects by repository, in the packs in which they were fetched. Processes may share a store. */
export interface ContentStore {
  /** Returns an empty repository if nothing was written to it. @throws InvalidRepositoryIdError */
  repository(repositoryId: string): RepositoryObjects;
  /** Deletes a repository. Idempotent. */
  removeRepository(repositoryId: string): Promise<void>;
  /** Ids of the repositories that are not empty. */
  repositories(): Promise<string[]>;
  /** Removes partial writes of processes that died, if they are older than `before`. */
  removeLeftovers(before: Date): Promise<void>;
  /**
   * Runs `work` with the URL of a content store in a local folder that has the repository, for a process that can read
   * files only: the store itself if it is a folder, otherwise a copy, which is up to date when `work` begins.
   */
  withLocalCopy<Result>(repositoryId: string, work: (url: string) => Promise<Result>): Promise<Result>;
  /** Closes open files. Do not use the store afterwards. */
  close(): Promise<void>;
}
