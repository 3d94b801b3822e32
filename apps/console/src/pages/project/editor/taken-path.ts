import { get } from '../../../api/client.js';
import { paths } from '../../../api/paths.js';
import { ProblemError } from '../../../api/problem.error.js';
import { changeAt } from './draft.rules.js';
import type { Changes } from './draft.rules.js';

/** True if the branch has a file at the path. */
export async function isOnBranch(projectId: string, branch: string, path: string): Promise<boolean> {
  try {
    await get(paths.content(projectId, { branch, path }));
    return true;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return false;
    throw error;
  }
}

/** Returns why a path is taken, or null. Files that the draft deletes or renames free their paths. */
export async function takenPathError(
  projectId: string,
  branch: string,
  changes: Changes,
  path: string,
): Promise<string | null> {
  if (changeAt(changes, path)) return 'You already changed or added a file with this name.';
  if (changes.some(({ from }) => from === path)) return null;
  return (await isOnBranch(projectId, branch, path)) ? 'A file or folder with this name already exists.' : null;
}
