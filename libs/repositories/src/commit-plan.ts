import type { RepositoryObjects } from '@reunite/content-store';
import { InvalidInputError } from '@reunite/contracts';
import {
  diffTrees,
  hashObject,
  isTreeMode,
  overlayTree,
  treeNameViolation,
  TreeClashError,
} from '@reunite/git-objects';
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
  /** Whether a file takes the place of one that had another mode. */
  readonly changesModes: boolean;
  /** Every path that the commit is about. */
  readonly paths: ReadonlySet<string>;
}

type Objects = Pick<RepositoryObjects, 'readPath' | 'readTree'>;

interface Fault {
  readonly path: string;
  readonly message: string;
}

/** A plan that is being made: each path that goes, with the index of the change by which, and what comes. */
interface Draft {
  readonly removals: Map<string, number>;
  readonly writes: Map<string, PlannedWrite>;
  readonly faults: Fault[];
}

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
  const { removals, writes, faults } = await draftOf(objects, baseTree, changes);
  for (const { path, action } of changes) {
    const taken = action === 'rename' && !removals.has(path) && (await objects.readPath(baseTree, path));
    if (taken) faults.push({ path: 'changes', message: `${path}: there is a file of this name already.` });
  }
  if (faults.length > 0) throw invalid(faults);
  const gone = [...removals.keys()];
  const tree = await treeOf(objects, baseTree, gone, writes);
  if (tree === baseTree) throw new InvalidInputError('These changes change nothing: the files are like this already.');
  let changesModes = false;
  for (const path of gone) {
    const { mode } = writes.get(path) ?? {};
    changesModes ||= mode !== undefined && (await objects.readPath(baseTree, path))?.mode !== mode;
  }
  return {
    ...{ tree, changesModes, removals: gone.filter((path) => !writes.has(path)), writes: [...writes.values()] },
    paths: new Set([...gone, ...writes.keys()]),
  };
}

async function draftOf(objects: Objects, baseTree: string, changes: readonly RequestedChange[]): Promise<Draft> {
  const draft: Draft = { removals: new Map(), writes: new Map(), faults: [] };
  // What goes makes room for what comes, in whichever order they are told.
  const order = [...changes.entries()].sort(
    ([, a], [, b]) => Number(b.action === 'delete') - Number(a.action === 'delete'),
  );
  const edited = new Set<string>();
  for (const [index, change] of order) {
    const { action, from, path } = change;
    const went = draft.removals.get(from ?? path);
    // What is written where a file was deleted or renamed away before is a new file.
    const isNew = action === 'write' && went !== undefined && went < index;
    // A rename carries its own content: what was written at the old name before would stay there.
    const isTwice = (went !== undefined && !isNew) || draft.writes.has(path) || (from !== null && edited.has(from));
    const there = isNew ? null : await objects.readPath(baseTree, from ?? path);
    const refused = refusePaths(change) ?? (isTwice ? 'it is changed twice' : place(there, change, index, draft));
    if (refused !== null) draft.faults.push({ path: `changes.${index}.path`, message: `${path}: ${refused}.` });
    if (action === 'write' || action === 'chmod') edited.add(path);
  }
  return draft;
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

/** Writes down what a change does to the file that is there. @returns why it cannot be */
function place(
  there: TreeEntry | null,
  change: RequestedChange,
  index: number,
  { removals, writes }: Draft,
): string | null {
  const { action, path, content } = change;
  if (there && isTreeMode(there.mode)) return 'it is a folder; name the files in it';
  if (action !== 'write' && !there) return `there is no file ${change.from ?? path}`;
  if (action === 'delete') {
    removals.set(path, index);
    return null;
  }
  if (there && !isEditable(there, change)) return 'it is a link or a submodule, which cannot be edited here';
  if (action === 'rename' && change.from !== null) removals.set(change.from, index);
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
  return (
    names.map(treeNameViolation).find((refused) => refused !== null) ?? (from === path ? 'it has this name' : null)
  );
}

async function treeOf(
  objects: Objects,
  baseTree: string,
  removals: readonly string[],
  writes: ReadonlyMap<string, PlannedWrite>,
): Promise<string> {
  const overlay = new Map([...removals.map((path) => [path, null] as const), ...writes]);
  try {
    return await overlayTree(baseTree, overlay, (id) => objects.readTree(id));
  } catch (error) {
    if (error instanceof TreeClashError) throw invalid([{ path: 'changes', message: error.message }]);
    throw error;
  }
}

function invalid(faults: Fault[]): InvalidInputError {
  return new InvalidInputError(faults.map(({ message }) => message).join(' '), faults);
}
