import { EMPTY_TREE_ID, hashObject } from './object.js';
import type { ObjectId } from './object.js';
import { TreeClashError } from './tree-clash.error.js';
import { isTreeMode, serializeTree } from './tree.js';
import type { TreeEntry, TreeMode } from './tree.js';
import type { ReadTree } from './tree-walk.js';

/** The new entry of each path, with `/` between names; null removes the entry. */
export type TreeOverlay = ReadonlyMap<string, { readonly mode: TreeMode; readonly id: ObjectId } | null>;

type Change = readonly [path: string, put: { readonly mode: TreeMode; readonly id: ObjectId } | null];
type Changes = readonly Change[];

/**
 * Computes the id of a tree after changes, without empty folders, as git writes it. Reads only the folders above a
 * change and stores nothing.
 *
 * @throws TreeClashError for a path that would be both a file and a folder; MalformedObjectError for an invalid name
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
  const existing = treeId === null || treeId === EMPTY_TREE_ID ? [] : await readTree(treeId);
  const entries = new Map<string, TreeEntry>(existing.map((entry) => [keyOf(entry), entry]));
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
    const existingEntry = entries.get(name);
    if (existingEntry && isTreeMode(existingEntry.mode)) throw new TreeClashError(prefix + name);
    entries.set(name, { mode: put.mode, name, id: put.id });
  }
  return entries.size === 0 ? null : hashObject('tree', serializeTree([...entries.values()]));
}

/** The changes below each folder, with paths relative to it. */
function byFolder(changes: Changes): Map<string, Change[]> {
  const folders = new Map<string, Change[]>();
  for (const [path, put] of changes) {
    const slash = path.indexOf('/');
    if (slash < 0) continue;
    const name = path.slice(0, slash);
    const inside = folders.get(name) ?? [];
    inside.push([path.slice(slash + 1), put]);
    folders.set(name, inside);
  }
  return folders;
}

/** A name that is not UTF-8 gets a key that no path can have: changes must not match its Latin-1 reading. */
function keyOf({ name, nameBytes }: TreeEntry): string {
  return nameBytes ? `/${nameBytes.toString('latin1')}` : name;
}
