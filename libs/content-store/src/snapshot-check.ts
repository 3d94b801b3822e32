import { EMPTY_TREE_ID, isTreeMode, MalformedObjectError, parseCommit, parseTree } from '@reunite/git-objects';
import type { ObjectId, ObjectType, TreeMode } from '@reunite/git-objects';
import { IncompleteSnapshotError } from './incomplete-snapshot.error.js';

/** What is in a pack together with what is held already. */
export interface KnownObjects {
  find(id: ObjectId): { readonly type: ObjectType; readonly complete: boolean } | null;
  /** The body of an object that `find` knows. */
  read(id: ObjectId): Promise<Buffer>;
}

/**
 * P4: follows a commit to its tree and to every tree and blob below. Every object was hashed when it was read, so that being there under
 * its id is being right; what was found whole before is not walked again. Submodules are commits of other repositories: not followed.
 *
 * @returns the tree, and the commit and trees that are now known to be whole.
 * @throws IncompleteSnapshotError for the first object that is missing; MalformedObjectError where an id leads to another kind of object.
 */
export async function checkSnapshot(
  commit: ObjectId,
  known: KnownObjects,
): Promise<{ tree: ObjectId; whole: ObjectId[] }> {
  expectObject(commit, commit, 'commit', 'the commit itself', known);
  const { tree } = parseCommit(await known.read(commit));
  const whole: ObjectId[] = [commit];
  const seen = new Set<ObjectId>();
  const trees: { id: ObjectId; path: string }[] = [{ id: tree, path: '' }];
  for (let next = trees.pop(); next; next = trees.pop()) {
    const { id, path } = next;
    if (seen.has(id) || (id === EMPTY_TREE_ID && !known.find(id))) continue;
    seen.add(id);
    if (expectObject(commit, id, 'tree', path === '' ? 'its tree' : `folder ${path}`, known).complete) continue;
    for (const entry of parseTree(await known.read(id))) {
      const entryPath = `${path}${entry.name}`;
      if (isTreeMode(entry.mode)) trees.push({ id: entry.id, path: `${entryPath}/` });
      else if (!isSubmodule(entry.mode)) expectObject(commit, entry.id, 'blob', `file ${entryPath}`, known);
    }
    whole.push(id);
  }
  return { tree, whole };
}

function expectObject(commit: ObjectId, id: ObjectId, type: ObjectType, what: string, known: KnownObjects) {
  const found = known.find(id);
  if (!found) throw new IncompleteSnapshotError(commit, id, what);
  if (found.type !== type) throw new MalformedObjectError(`In commit ${commit}, ${what} (${id}) is a ${found.type}.`);
  return found;
}

function isSubmodule(mode: TreeMode): boolean {
  return mode === '160000';
}
