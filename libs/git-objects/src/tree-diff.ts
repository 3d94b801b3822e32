import type { ObjectId } from './object.js';
import { compareTreeEntries, isTreeMode } from './tree.js';
import type { TreeEntry, TreeMode } from './tree.js';
import { TreeWalkBudget } from './tree-walk.js';
import type { ReadTree, TreeWalkLimits } from './tree-walk.js';

export interface TreeChangeSide {
  readonly id: ObjectId;
  readonly mode: TreeMode;
}

/** One changed path that is not a folder. */
export type TreeChange =
  | { readonly path: string; readonly kind: 'added'; readonly old?: never; readonly new: TreeChangeSide }
  | { readonly path: string; readonly kind: 'modified'; readonly old: TreeChangeSide; readonly new: TreeChangeSide }
  | { readonly path: string; readonly kind: 'deleted'; readonly old: TreeChangeSide; readonly new?: never };

/**
 * Yields the files, links and submodules that differ between two trees, in git's order. Reads only folders that differ,
 * so the cost depends on the change, not on the trees. A file that became a folder is a deletion and additions.
 *
 * @param oldTreeId null if there is none: everything is added
 * @param newTreeId null if there is none: everything is deleted
 * @throws LimitExceededError
 */
export async function* diffTrees(
  oldTreeId: ObjectId | null,
  newTreeId: ObjectId | null,
  readTree: ReadTree,
  limits?: TreeWalkLimits,
): AsyncGenerator<TreeChange> {
  yield* diff(oldTreeId, newTreeId, '', 1, readTree, new TreeWalkBudget(limits));
}

async function* diff(
  oldId: ObjectId | null,
  newId: ObjectId | null,
  prefix: string,
  depth: number,
  readTree: ReadTree,
  budget: TreeWalkBudget,
): AsyncGenerator<TreeChange> {
  if (oldId === newId) return;
  const before = await budget.enter(oldId, depth, readTree);
  const after = await budget.enter(newId, depth, readTree);
  for (const [left, right] of pair(before, after)) {
    const entry = left ?? right;
    if (!entry || (left && right && left.id === right.id && left.mode === right.mode)) continue;
    const path = prefix + entry.name;
    if (isTreeMode(entry.mode)) {
      yield* diff(left?.id ?? null, right?.id ?? null, `${path}/`, depth + 1, readTree, budget);
    } else {
      yield change(path, left, right);
    }
  }
}

/** Merges two sorted lists; entries of the same name and kind are paired. */
function* pair(
  before: readonly TreeEntry[],
  after: readonly TreeEntry[],
): Generator<[TreeEntry | undefined, TreeEntry | undefined]> {
  let i = 0;
  let j = 0;
  for (;;) {
    const left = before[i];
    const right = after[j];
    if (!left && !right) return;
    const order = !left ? 1 : !right ? -1 : compareTreeEntries(left, right);
    if (order <= 0) i++;
    if (order >= 0) j++;
    yield [order <= 0 ? left : undefined, order >= 0 ? right : undefined];
  }
}

function change(path: string, left: TreeEntry | undefined, right: TreeEntry | undefined): TreeChange {
  const side = (entry: TreeEntry): TreeChangeSide => ({ id: entry.id, mode: entry.mode });
  if (left && right) return { path, kind: 'modified', old: side(left), new: side(right) };
  if (left) return { path, kind: 'deleted', old: side(left) };
  if (right) return { path, kind: 'added', new: side(right) };
  throw new TypeError('A change must have at least one side.');
}
