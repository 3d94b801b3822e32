import type {
  Commit,
  GitObject,
  ObjectId,
  PackLimits,
  TreeEntry,
  TreeWalkEntry,
  TreeWalkLimits,
} from '@reunite/git-objects';

export interface IngestOptions {
  /** The commit whose snapshot the pack brings. */
  readonly commit: ObjectId;
  readonly limits?: Partial<PackLimits>;
}

export interface IngestedSnapshot {
  readonly commit: ObjectId;
  /** The root of the snapshot: what builds and diffs start from. */
  readonly tree: ObjectId;
  /** Objects that were not held before. */
  readonly objects: number;
  /** Size of the pack as it came. */
  readonly bytes: number;
}

/**
 * The git objects of one repository. Nothing of another repository can be seen through it. Every object that is read is hashed again,
 * so what comes back is what its id says.
 */
export interface RepositoryObjects {
  /**
   * Takes in a pack, if with it the snapshot of the commit is whole (P4): every tree and blob that the commit's tree leads to is in the
   * pack or held already. Nothing is published otherwise. Taking in the same pack twice, also at once, is the same as once.
   *
   * @throws IncompleteSnapshotError or MissingDeltaBaseError: fetch again without `have`. LimitExceededError, MalformedObjectError:
   *   it will not do. StoreBusyError: try again.
   */
  ingestPack(pack: Buffer, options: IngestOptions): Promise<IngestedSnapshot>;

  /** Whether the commit's whole snapshot is held: then it needs no fetch, and can stand as `have` in one. */
  hasSnapshot(commit: ObjectId): Promise<boolean>;
  has(id: ObjectId): Promise<boolean>;
  /** @throws ObjectNotFoundError; CorruptObjectError when what is stored is damaged. */
  read(id: ObjectId): Promise<GitObject>;
  /** The entries of a tree; fit for `diffTrees` and `listTree`. @throws as {@link read}, and MalformedObjectError when it is no tree. */
  readTree(id: ObjectId): Promise<readonly TreeEntry[]>;
  /** @throws as {@link read}, and MalformedObjectError when it is no commit. */
  readCommit(id: ObjectId): Promise<Commit>;
  /** What stands at a path below a tree, with `/` between names; null when nothing does. Symbolic links are not followed. */
  readPath(treeId: ObjectId, path: string): Promise<TreeEntry | null>;
  /** Everything below a tree; see `listTree`. */
  walk(treeId: ObjectId, limits?: TreeWalkLimits): AsyncGenerator<TreeWalkEntry>;
}

/** Git objects by repository, in packs as they came. Many processes may read and write the same store. */
export interface ContentStore {
  /** @throws InvalidRepositoryIdError. A repository that nothing was written to is an empty one. */
  repository(repositoryId: string): RepositoryObjects;
  /** Deletes all that is held of a repository. Not having anything is fine. */
  removeRepository(repositoryId: string): Promise<void>;
  /** Ids of the repositories of which something is held. */
  repositories(): Promise<string[]>;
  /** Removes what processes that died while they wrote left behind, if it is older than `before`. */
  removeLeftovers(before: Date): Promise<void>;
  /** Lets go of open files. The store cannot be used after. */
  close(): Promise<void>;
}
