import type { RepositoryObjects } from '@reunite/content-store';
import { InvalidInputError } from '@reunite/contracts';
import { diffTrees, hashObject, isTreeMode, overlayTree, refuseTreeName, TreeClashError } from '@reunite/git-objects';
import type { TreeEntry, TreeMode } from '@reunite/git-objects';
import type { RequestedChange } from './commit-request.js';

/** A file that a commit puts somewhere. */
export interface PlannedWrite {
  readonly path: string;
  readonly mode: TreeMode;
  readonly id: string;
  /** null: the repository holds the blob already. */
  readonly content: Buffer | null;
}

/** A commit's changes, ready to be written: where files go, where they come, and the tree that this makes. */
export interface CommitPlan {
  readonly tree: string;
  readonly removals: readonly string[];
  readonly writes: readonly PlannedWrite[];
  /** Every path that the commit is about. */
  readonly paths: ReadonlySet<string>;
}

type Objects = Pick<RepositoryObjects, 'readPath' | 'readTree'>;

/**
 * Plans the changes of one commit on the snapshot that they were made on.
 *
 * @throws InvalidInputError, naming each change that cannot be
 */
export async function planCommit(
  objects: Objects,
  baseTree: string,
  changes: readonly RequestedChange[],
): Promise<CommitPlan> {
  const faults: { path: string; message: string }[] = [];
  const removals = new Set<string>();
  const writes = new Map<string, PlannedWrite>();
  // What goes makes room for what comes, in whichever order they are told.
  const order = [...changes.entries()].sort(
    ([, a], [, b]) => Number(b.action === 'delete') - Number(a.action === 'delete'),
  );
  // A rename carries its own content: what else is written at the old name would stay there.
  const edited = new Set(changes.flatMap(({ action, path }) => (['write', 'chmod'].includes(action) ? path : [])));
  for (const [index, change] of order) {
    const { from, path } = change;
    const isTwice = removals.has(from ?? path) || writes.has(path) || (from !== null && edited.has(from));
    const refused =
      refusePaths(change) ??
      (isTwice ? 'it is changed twice' : null) ??
      (await place(objects, baseTree, change, removals, writes));
    if (refused !== null) faults.push({ path: `changes.${index}.path`, message: `${change.path}: ${refused}.` });
  }
  for (const { path, action } of changes) {
    const taken = action === 'rename' && !removals.has(path) && (await objects.readPath(baseTree, path));
    if (taken) faults.push({ path: 'changes', message: `${path}: there is a file of this name already.` });
  }
  if (faults.length > 0) throw invalid(faults);
  const tree = await treeOf(objects, baseTree, removals, writes);
  if (tree === baseTree) throw new InvalidInputError('These changes change nothing: the files are like this already.');
  const renamed = [...removals].filter((path) => !writes.has(path));
  return { tree, removals: renamed, writes: [...writes.values()], paths: new Set([...removals, ...writes.keys()]) };
}

/** Which of a commit's paths differ between two snapshots. At most `limit`. */
export async function pathsChangedBetween(
  objects: Objects,
  [before, after]: readonly [string, string],
  paths: ReadonlySet<string>,
  limit: number,
): Promise<string[]> {
  const changed: string[] = [];
  for await (const { path } of diffTrees(before, after, (id) => objects.readTree(id))) {
    // What became a folder, or the other way around, is changed too.
    const meets = [...paths].filter(
      (ours) => ours === path || ours.startsWith(`${path}/`) || path.startsWith(`${ours}/`),
    );
    for (const ours of meets) if (!changed.includes(ours)) changed.push(ours);
    if (changed.length >= limit) break;
  }
  return changed.slice(0, limit).sort();
}

/** Writes down what a change does. @returns why it cannot be */
async function place(
  objects: Objects,
  baseTree: string,
  change: RequestedChange,
  removals: Set<string>,
  writes: Map<string, PlannedWrite>,
): Promise<string | null> {
  const { action, path, content } = change;
  const there = await objects.readPath(baseTree, change.from ?? path);
  if (there && isTreeMode(there.mode)) return 'it is a folder; name the files in it';
  if (action !== 'write' && !there) return `there is no file ${change.from ?? path}`;
  if (action === 'delete') {
    removals.add(path);
    return null;
  }
  if (there && !isEditable(there, change)) return 'it is a link or a submodule, which cannot be edited here';
  if (action === 'rename' && change.from !== null) removals.add(change.from);
  const mode = modeOf(there, change.executable);
  if (content) writes.set(path, { path, mode, id: hashObject('blob', content), content });
  else if (there) writes.set(path, { path, mode, id: there.id, content: null });
  return null;
}

/** A link can be renamed; its target is not text of this editor. */
function isEditable({ mode }: TreeEntry, { action, content, executable }: RequestedChange): boolean {
  if (mode === '160000') return false;
  return mode !== '120000' || (action === 'rename' && content === null && executable === null);
}

function modeOf(there: TreeEntry | null, executable: boolean | null): TreeMode {
  if (executable !== null) return executable ? '100755' : '100644';
  return there?.mode ?? '100644';
}

function refusePaths({ path, from }: RequestedChange): string | null {
  const names = [path, ...(from === null ? [] : [from])].flatMap((one) => one.split('/'));
  return names.map(refuseTreeName).find((refused) => refused !== null) ?? (from === path ? 'it has this name' : null);
}

async function treeOf(
  objects: Objects,
  baseTree: string,
  removals: ReadonlySet<string>,
  writes: ReadonlyMap<string, PlannedWrite>,
): Promise<string> {
  const overlay = new Map([...[...removals].map((path) => [path, null] as const), ...writes]);
  try {
    return await overlayTree(baseTree, overlay, (id) => objects.readTree(id));
  } catch (error) {
    if (error instanceof TreeClashError) throw invalid([{ path: 'changes', message: error.message }]);
    throw error;
  }
}

function invalid(faults: { path: string; message: string }[]): InvalidInputError {
  return new InvalidInputError(faults.map(({ message }) => message).join(' '), faults);
}
