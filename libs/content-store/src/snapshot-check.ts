import { EMPTY_TREE_ID, isTreeMode, MalformedObjectError, parseCommit, parseTree } from '@reunite/git-objects';
import type { ObjectId, ObjectType, TreeMode } from '@reunite/git-objects';
import { IncompleteSnapshotError } from './incomplete-snapshot.error.js';

/** The objects of a pack together with the stored ones. */
export interface SnapshotObjects {
  find(id: ObjectId): { readonly type: ObjectType; readonly complete: boolean } | null;
  /** The body of an object that `find` returns. */
  read(id: ObjectId): Promise<Buffer>;
}

/**
 * P4: checks that a commit's tree and every tree and blob below it exist. Objects are hashed when they are read, so
 * their content is right if their id exists. Skips trees that are marked as complete. Does not follow submodules, which
 * are commits of other repositories.
 *
 * @returns the tree, and the commit and trees that are complete
 * @throws IncompleteSnapshotError for the first missing object; MalformedObjectError if an id has another type
 */
export async function checkSnapshot(
  commit: ObjectId,
  objects: SnapshotObjects,
): Promise<{ tree: ObjectId; complete: ObjectId[] }> {
  expectObject(commit, commit, 'commit', 'the commit itself', objects);
  const { tree } = parseCommit(await objects.read(commit));
  const complete: ObjectId[] = [commit];
  const visited = new Set<ObjectId>();
  const trees: { id: ObjectId; path: string }[] = [{ id: tree, path: '' }];
  for (let next = trees.pop(); next; next = trees.pop()) {
    const { id, path } = next;
    if (visited.has(id) || (id === EMPTY_TREE_ID && !objects.find(id))) continue;
    visited.add(id);
    if (expectObject(commit, id, 'tree', path === '' ? 'its tree' : `folder ${path}`, objects).complete) continue;
    for (const entry of parseTree(await objects.read(id))) {
      const entryPath = `${path}${entry.name}`;
      if (isTreeMode(entry.mode)) trees.push({ id: entry.id, path: `${entryPath}/` });
      else if (!isSubmodule(entry.mode)) expectObject(commit, entry.id, 'blob', `file ${entryPath}`, objects);
    }
    complete.push(id);
  }
  return { tree, complete };
}

function expectObject(commit: ObjectId, id: ObjectId, type: ObjectType, what: string, objects: SnapshotObjects) {
  const object = objects.find(id);
  if (!object) throw new IncompleteSnapshotError(commit, id, what);
  if (object.type !== type) throw new MalformedObjectError(`In commit ${commit}, ${what} (${id}) is a ${object.type}.`);
  return object;
}

function isSubmodule(mode: TreeMode): boolean {
  return mode === '160000';
}
