import type { Changes } from './draft.rules.js';

export interface CaseClash {
  readonly path: string;
  /** The path that differs from it in case only. */
  readonly beside: string;
}

/** A file's folders and itself: `a`, `a/b`, `a/b/c.md`. */
function partsOf(path: string): string[] {
  return path.split('/').map((_, index, names) => names.slice(0, index + 1).join('/'));
}

function newPathsOf(changes: Changes): string[] {
  return changes.filter(({ path, from, deleted }) => !deleted && path !== from).map(({ path }) => path);
}

/** The folders in which something could clash with what is new: those in the way to it. */
export function foldersToLook(changes: Changes): string[] {
  return [...new Set(newPathsOf(changes).flatMap((path) => ['', ...partsOf(path).slice(0, -1)]))].sort();
}

/**
 * Files that are new or renamed, and whose name, or whose folder's, differs in case only from another one: on the disks of
 * Windows and macOS the two are one.
 *
 * @param existing paths of files and folders on the branch
 */
export function caseClashes(changes: Changes, existing: readonly string[]): CaseClash[] {
  const gone = new Set(
    changes.flatMap(({ path, from, deleted }) => (from !== null && (deleted || from !== path) ? from : [])),
  );
  const comes = newPathsOf(changes);
  const candidates = [...existing.filter((path) => !gone.has(path)), ...comes.flatMap(partsOf)];
  const spellings = new Map<string, string>();
  // Reports the later name, which can still be changed.
  for (const path of candidates) if (!spellings.has(folded(path))) spellings.set(folded(path), path);
  return comes.flatMap((path) => {
    const part = partsOf(path).find((one) => spellings.get(folded(one)) !== one);
    return part === undefined ? [] : [{ path, beside: spellings.get(folded(part)) ?? part }];
  });
}

/** macOS takes the two ways to write an ä for one, too. */
function folded(path: string): string {
  return path.normalize('NFC').toLowerCase();
}
