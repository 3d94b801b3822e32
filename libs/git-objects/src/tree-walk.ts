import { LimitExceededError } from './limit-exceeded.error.js';
import { EMPTY_TREE_ID } from './object.js';
import type { ObjectId } from './object.js';
import { isTreeMode } from './tree.js';
import type { TreeEntry, TreeMode } from './tree.js';

/** Returns the entries of a tree; rejects if it is not stored. */
export type ReadTree = (id: ObjectId) => Promise<readonly TreeEntry[]> | readonly TreeEntry[];

export interface TreeWalkLimits {
  /** Levels of folders. Default: 128. */
  readonly maxDepth?: number;
  /** Entries, including folders. Default: 1,000,000. A dozen tree objects can expand to billions of paths. */
  readonly maxEntries?: number;
}

export interface TreeWalkEntry {
  /** From the root of the walk, with `/` between names. */
  readonly path: string;
  readonly mode: TreeMode;
  readonly id: ObjectId;
}

/** Limits the entries and depth of a walk. */
export class TreeWalkBudget {
  private readonly maxDepth: number;
  private readonly maxEntries: number;
  private entries = 0;

  constructor(limits: TreeWalkLimits = {}) {
    this.maxDepth = limits.maxDepth ?? 128;
    this.maxEntries = limits.maxEntries ?? 1_000_000;
  }

  async enter(id: ObjectId | null, depth: number, readTree: ReadTree): Promise<readonly TreeEntry[]> {
    if (id === null || id === EMPTY_TREE_ID) return [];
    if (depth > this.maxDepth) {
      const message = `Folders are nested deeper than ${this.maxDepth}. Connect a folder further down, or raise the limit.`;
      throw new LimitExceededError('tree-too-deep', this.maxDepth, message);
    }
    const entries = await readTree(id);
    this.entries += entries.length;
    if (this.entries > this.maxEntries) {
      const message = `More than ${this.maxEntries} files and folders. Connect a folder of the repository, or raise the limit.`;
      throw new LimitExceededError('too-many-entries', this.maxEntries, message);
    }
    return entries;
  }
}

/**
 * Yields every entry below a tree with its path, folders before their content, in git's order. Symbolic links and
 * submodules are not followed.
 *
 * @throws LimitExceededError
 */
export async function* listTree(
  treeId: ObjectId,
  readTree: ReadTree,
  limits?: TreeWalkLimits,
): AsyncGenerator<TreeWalkEntry> {
  yield* walk(treeId, '', 1, readTree, new TreeWalkBudget(limits));
}

async function* walk(
  treeId: ObjectId,
  prefix: string,
  depth: number,
  readTree: ReadTree,
  budget: TreeWalkBudget,
): AsyncGenerator<TreeWalkEntry> {
  for (const { name, mode, id } of await budget.enter(treeId, depth, readTree)) {
    const path = prefix + name;
    yield { path, mode, id };
    if (isTreeMode(mode)) yield* walk(id, `${path}/`, depth + 1, readTree, budget);
  }
}
