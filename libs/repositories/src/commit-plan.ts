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
import type { UploadReference } from './upload.js';

/** A file that a commit writes. */
export interface PlannedWrite {
  readonly path: string;
  readonly mode: TreeMode;
  readonly id: string;
  /** null if the content is an upload, or the repository has the blob already. */
  readonly content: Buffer | null;
  /** null if `content` has the content, or the repository has the blob already. */
  readonly upload: UploadReference | null;
}

/** The changes of a commit: the removed paths, the written files, and the resulting tree. */
export interface CommitPlan {
  readonly tree: string;
  readonly removals: readonly string[];
  readonly writes: readonly PlannedWrite[];
  /** True if a file replaces one that had another mode. */
  readonly changesModes: boolean;
  /** All paths that the commit removes or writes. */
  readonly paths: ReadonlySet<string>;
}

type Objects = Pick<RepositoryObjects, 'readPath' | 'readTree'>;

interface Violation {
  readonly path: string;
  readonly message: string;
}

/** A plan in progress. `removals` maps each removed path to the index of its change. */
interface Draft {
  readonly removals: Map<string, number>;
  readonly writes: Map<string, PlannedWrite>;
  readonly violations: Violation[];
}

/**
 * Plans the changes of one commit against its base tree.
 *
 * @throws InvalidInputError naming each invalid change
 */
export async function planCommit(
  objects: Objects,
  baseTree: string,
  changes: readonly RequestedChange[],
): Promise<CommitPlan> {
  const { removals, writes, violations } = await draftOf(objects, baseTree, changes);
  for (const { path, action } of changes) {
    const taken = action === 'rename' && !removals.has(path) && (await objects.readPath(baseTree, path));
    if (taken) violations.push({ path: 'changes', message: `${path}: a file of this name already exists.` });
  }
  if (violations.length > 0) throw invalid(violations);
  const gone = [...removals.keys()];
  const tree = await treeOf(objects, baseTree, gone, writes);
  if (tree === baseTree)
    throw new InvalidInputError('These changes change nothing: the files already have this content.');
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
  const draft: Draft = { removals: new Map(), writes: new Map(), violations: [] };
  // Deletions come first: they free their paths for the other changes, whatever the order of the request.
  const order = [...changes.entries()].sort(
    ([, a], [, b]) => Number(b.action === 'delete') - Number(a.action === 'delete'),
  );
  const edited = new Set<string>();
  for (const [index, change] of order) {
    const { action, from, path } = change;
    const removedBy = draft.removals.get(from ?? path);
    // A write to a path that an earlier change deleted or renamed creates a new file.
    const isNew = action === 'write' && removedBy !== undefined && removedBy < index;
    // A rename has its own content: an earlier write to its old path would be lost.
    const isTwice =
      (removedBy !== undefined && !isNew) || draft.writes.has(path) || (from !== null && edited.has(from));
    const existing = isNew ? null : await objects.readPath(baseTree, from ?? path);
    const violation =
      pathViolation(change) ?? (isTwice ? 'it is changed twice' : addToDraft(draft, existing, change, index));
    if (violation !== null) draft.violations.push({ path: `changes.${index}.path`, message: `${path}: ${violation}.` });
    if (action === 'write' || action === 'chmod') edited.add(path);
  }
  return draft;
}

/** Returns those of the paths that differ between two trees, at most `limit`. */
export async function pathsChangedBetween(
  objects: Objects,
  [before, after]: readonly [string, string],
  paths: ReadonlySet<string>,
  limit: number,
): Promise<string[]> {
  const changed: string[] = [];
  for await (const { path } of diffTrees(before, after, (id) => objects.readTree(id))) {
    // A path that changed between file and folder counts for all paths below and above it.
    const affected = [...paths].filter(
      (ours) => ours === path || ours.startsWith(`${path}/`) || path.startsWith(`${ours}/`),
    );
    for (const ours of affected) if (!changed.includes(ours)) changed.push(ours);
    if (changed.length >= limit) break;
  }
  return changed.slice(0, limit).sort();
}

/**
 * Adds a change to the draft.
 *
 * @param existing the entry at the change's path, or at its previous path
 * @returns the violation, or null
 */
function addToDraft(
  { removals, writes }: Draft,
  existing: TreeEntry | null,
  change: RequestedChange,
  index: number,
): string | null {
  const { action, path, content, upload } = change;
  if (existing && isTreeMode(existing.mode)) return 'it is a folder; name the files in it';
  if (action !== 'write' && !existing) return `there is no file ${change.from ?? path}`;
  if (action === 'delete') {
    removals.set(path, index);
    return null;
  }
  if (existing && !isEditable(existing, change)) return 'it is a link or a submodule, which cannot be edited here';
  if (action === 'rename' && change.from !== null) removals.set(change.from, index);
  const mode = modeOf(existing, change.executable);
  if (upload) writes.set(path, { path, mode, id: upload.blobId, content: null, upload });
  else if (content) writes.set(path, { path, mode, id: hashObject('blob', content), content, upload: null });
  else if (existing) writes.set(path, { path, mode, id: existing.id, content: null, upload: null });
  return null;
}

/** Submodules are not editable. Links can only be renamed. */
function isEditable({ mode }: TreeEntry, { action, content, upload, executable }: RequestedChange): boolean {
  if (mode === '160000') return false;
  const isOnlyRenamed = action === 'rename' && content === null && upload === null && executable === null;
  return mode !== '120000' || isOnlyRenamed;
}

function modeOf(existing: TreeEntry | null, executable: boolean | null): TreeMode {
  if (executable !== null) return executable ? '100755' : '100644';
  return existing?.mode ?? '100644';
}

function pathViolation({ path, from }: RequestedChange): string | null {
  const names = [path, ...(from === null ? [] : [from])].flatMap((one) => one.split('/'));
  return (
    names.map(treeNameViolation).find((violation) => violation !== null) ?? (from === path ? 'it has this name' : null)
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

function invalid(violations: Violation[]): InvalidInputError {
  return new InvalidInputError(violations.map(({ message }) => message).join(' '), violations);
}
