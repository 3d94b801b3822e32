import { useQuery } from '@tanstack/react-query';
import { get } from '../../../api/client.js';
import { paths } from '../../../api/paths.js';
import { ProblemError } from '../../../api/problem.error.js';
import type { ResourceKey } from '../../../api/live-invalidation.js';
import { Notice } from '../../../components/notice.js';
import { caseClashes, foldersToLook } from './case-clashes.rules.js';
import type { Draft } from './draft.rules.js';

interface CaseClashesProps {
  readonly projectId: string;
  readonly draft: Draft;
}

/** Warns about new names that are equal to others on case-insensitive file systems. Git and the server accept both. */
export function CaseClashes({ projectId, draft: { branch, changes } }: CaseClashesProps) {
  const folders = foldersToLook(changes);
  const existing = useQuery({
    queryKey: ['paths', JSON.stringify([projectId, branch, folders])] satisfies ResourceKey,
    meta: { projectId },
    enabled: folders.length > 0,
    queryFn: async ({ signal }) =>
      (await Promise.all(folders.map((path) => pathsIn({ projectId, branch, path }, signal)))).flat(),
  });
  // Without a response, clashes among the changes are still reported.
  const clashes = caseClashes(changes, existing.data ?? []);
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
      On Windows and macOS, only one of them can exist.
    </Notice>
  );
}

interface Folder {
  readonly projectId: string;
  readonly branch: string;
  readonly path: string;
}

/** A new folder is empty on the branch. */
async function pathsIn({ projectId, branch, path }: Folder, signal: AbortSignal): Promise<string[]> {
  try {
    const { entries = [] } = await get(paths.content(projectId, { branch, path }), signal);
    return entries.map((entry) => entry.path);
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return [];
    throw error;
  }
}
