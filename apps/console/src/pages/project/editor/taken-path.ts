import { get } from '../../../api/client.js';
import { paths } from '../../../api/paths.js';
import { ProblemError } from '../../../api/problem.error.js';
import { changeAt } from './draft.rules.js';
import type { Changes } from './draft.rules.js';

/** Whether a file stands at a path of the branch. */
export async function isOnBranch(projectId: string, branch: string, path: string): Promise<boolean> {
  try {
    await get(paths.content(projectId, { branch, path }));
    return true;
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return false;
    throw error;
  }
}

/** Why a file cannot come to this path, or null. What was deleted or renamed away makes room. */
export async function refuseTaken(
  projectId: string,
  branch: string,
  changes: Changes,
  path: string,
): Promise<string | null> {
  if (changeAt(changes, path)) return 'You changed or made a file of this name.';
  if (changes.some(({ from }) => from === path)) return null;
  return (await isOnBranch(projectId, branch, path)) ? 'There is a file or folder of this name.' : null;
}
