import { faultsOf } from '../../../api/faults.js';
import type { ProblemError } from '../../../api/problem.error.js';
import { FormProblem } from '../../../components/form-problem.js';

interface CommitConflictProps {
  readonly branch: string;
  readonly error: ProblemError;
  readonly onNewBranch: () => void;
  /** Commit on this head. What is pushed after it is not overwritten: it is another conflict. */
  readonly onNewHead: (head: string) => void;
}

/** Others were faster: which files they changed too, and what can be done about it. Nothing that was typed is lost. */
export function CommitConflict({ branch, error, onNewBranch, onNewHead }: CommitConflictProps) {
  const files = faultsOf(error).map(({ path }) => path);
  const { head } = error;
  return (
    <div className="conflict">
      <FormProblem error={error} faults={[]} />
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
        {head !== undefined && (
          <button type="button" className="button" onClick={() => onNewHead(head)}>
            {files.length > 0 ? 'Replace theirs by mine' : 'Commit on the newest state'}
          </button>
        )}
      </div>
    </div>
  );
}
