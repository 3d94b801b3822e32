import { get } from '../../../api/client.js';
import { paths } from '../../../api/paths.js';
import { ProblemError } from '../../../api/problem.error.js';
import { useReading } from '../../../api/use-resource.js';
import { Notice } from '../../../components/notice.js';
import { caseClashes, foldersToLook } from './case-clashes.rules.js';
import type { Draft } from './draft.rules.js';

interface CaseClashesProps {
  readonly projectId: string;
  readonly draft: Draft;
}

/** Warns of new names that many disks would take for others. It is no fault: git and the server keep both. */
export function CaseClashes({ projectId, draft: { branch, changes } }: CaseClashesProps) {
  const folders = foldersToLook(changes);
  const known = useReading(
    folders.length === 0 ? null : JSON.stringify([projectId, branch, folders]),
    async (signal) => (await Promise.all(folders.map((path) => pathsIn({ projectId, branch, path }, signal)))).flat(),
    { types: ['ref'], projectId },
  );
  // Without an answer those among the changes are found still.
  const clashes = caseClashes(changes, known.data ?? []);
  if (clashes.length === 0) return null;
  return (
    <Notice tone="warn" title="Names that differ in case only">
      <ul className="clashes">
        {clashes.map(({ path, beside }) => (
          <li key={path}>
            {path} beside {beside}
          </li>
        ))}
      </ul>
      On Windows and macOS one of them hides the other.
    </Notice>
  );
}

interface Folder {
  readonly projectId: string;
  readonly branch: string;
  readonly path: string;
}

/** A folder that is new holds nothing yet. */
async function pathsIn({ projectId, branch, path }: Folder, signal: AbortSignal): Promise<string[]> {
  try {
    const { entries = [] } = await get(paths.content(projectId, { branch, path }), signal);
    return entries.map((entry) => entry.path);
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return [];
    throw error;
  }
}
