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

/** The parent folders of new paths, in which names may clash. */
export function foldersToLook(changes: Changes): string[] {
  return [...new Set(newPathsOf(changes).flatMap((path) => ['', ...partsOf(path).slice(0, -1)]))].sort();
}

/**
 * New or renamed files whose path differs from another one in case only. File systems of Windows and macOS treat the
 * two as the same file.
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

/** macOS also treats the composed and the decomposed form of a letter as equal. */
function folded(path: string): string {
  return path.normalize('NFC').toLowerCase();
}
