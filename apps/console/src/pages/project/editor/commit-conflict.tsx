import type { Project } from '@reunite/contracts';
import { faultsOf } from '../../../api/faults.js';
import { get } from '../../../api/client.js';
import { paths } from '../../../api/paths.js';
import { useAction } from '../../../api/use-action.js';
import { FormProblem } from '../../../components/form-problem.js';

interface CommitConflictProps {
  readonly project: Project;
  readonly branch: string;
  readonly error: Error | undefined;
  readonly onNewBranch: () => void;
  readonly onNewHead: (head: string) => void;
}

/** Others were faster: which files they changed too, and what can be done about it. Nothing that was typed is lost. */
export function CommitConflict({ project, branch, error, onNewBranch, onNewHead }: CommitConflictProps) {
  const files = faultsOf(error).map(({ path }) => path);
  const newest = useAction(async () => {
    const { items } = await get(paths.repositoryBranches(project.repositoryId));
    const head = items.find(({ name }) => name === branch)?.commit;
    if (head === undefined) throw new Error(`${branch} is no longer on the server.`);
    return head;
  }, onNewHead);
  return (
    <div className="conflict">
      <FormProblem error={newest.error ?? error} faults={[]} />
      {files.length > 0 && (
        <ul aria-label="Files that changed on the branch too">
          {files.map((file) => (
            <li key={file}>
              <a href={`?${new URLSearchParams({ branch, file }).toString()}`} target="_blank" rel="noreferrer">
                {file}
              </a>
            </li>
          ))}
        </ul>
      )}
      <p className="hint">
        {files.length > 0
          ? 'Commit to a new branch and merge there, or replace what others wrote in these files by yours.'
          : 'None of your files changed there.'}
      </p>
      <div className="form-actions">
        <button type="button" className="button" onClick={onNewBranch}>
          Commit to a new branch
        </button>
        <button type="button" className="button" onClick={() => newest.run(undefined)} disabled={newest.pending}>
          {files.length > 0 ? 'Replace theirs by mine' : 'Commit on the newest state'}
        </button>
      </div>
    </div>
  );
}
