import { EMPTY_TREE_ID, hashObject } from './object.js';
import type { ObjectId } from './object.js';
import { TreeClashError } from './tree-clash.error.js';
import { isTreeMode, serializeTree } from './tree.js';
import type { TreeEntry, TreeMode } from './tree.js';
import type { ReadTree } from './tree-walk.js';

/** What is put at each path, with `/` between names; null takes away what stands there. */
export type TreeOverlay = ReadonlyMap<string, { readonly mode: TreeMode; readonly id: ObjectId } | null>;

type Change = readonly [path: string, put: { readonly mode: TreeMode; readonly id: ObjectId } | null];
type Changes = readonly Change[];

/**
 * The id of the tree that comes of a tree by changes, as git would write it: without empty folders. Only the folders on
 * the way to a change are read, and nothing is stored.
 *
 * @throws TreeClashError for a file that would be a folder too. MalformedObjectError for a name that `git fsck` refuses.
 */
export async function overlayTree(treeId: ObjectId, changes: TreeOverlay, readTree: ReadTree): Promise<ObjectId> {
  return (await overlay(treeId, [...changes], '', readTree)) ?? EMPTY_TREE_ID;
}

async function overlay(
  treeId: ObjectId | null,
  changes: Changes,
  prefix: string,
  readTree: ReadTree,
): Promise<ObjectId | null> {
  const held = treeId === null || treeId === EMPTY_TREE_ID ? [] : await readTree(treeId);
  const entries = new Map<string, TreeEntry>(held.map((entry) => [keyOf(entry), entry]));
  const here = changes.filter(([path]) => !path.includes('/'));
  for (const [name, put] of here) if (put === null) entries.delete(name);
  for (const [name, inside] of byFolder(changes)) {
    const folder = entries.get(name);
    if (folder && !isTreeMode(folder.mode)) throw new TreeClashError(prefix + name);
    const id = await overlay(folder?.id ?? null, inside, `${prefix}${name}/`, readTree);
    if (id === null) entries.delete(name);
    else entries.set(name, { mode: '040000', name, id });
  }
  for (const [name, put] of here) {
    if (put === null) continue;
    const there = entries.get(name);
    if (there && isTreeMode(there.mode)) throw new TreeClashError(prefix + name);
    entries.set(name, { mode: put.mode, name, id: put.id });
  }
  return entries.size === 0 ? null : hashObject('tree', serializeTree([...entries.values()]));
}

/** The changes below each folder, with their paths from there. */
function byFolder(changes: Changes): Map<string, Change[]> {
  const folders = new Map<string, Change[]>();
  for (const [path, put] of changes) {
    const slash = path.indexOf('/');
    if (slash < 0) continue;
    const name = path.slice(0, slash);
    folders.set(name, [...(folders.get(name) ?? []), [path.slice(slash + 1), put]]);
  }
  return folders;
}

/** A name that is not UTF-8 is nobody's to change here, and must not be taken for what it looks like. */
function keyOf({ name, nameBytes }: TreeEntry): string {
  return nameBytes ? `/${nameBytes.toString('latin1')}` : name;
}
