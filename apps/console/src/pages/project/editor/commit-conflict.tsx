import { violationsOf } from '../../../api/violations.js';
import type { ProblemError } from '../../../api/problem.error.js';
import { FormProblem } from '../../../components/form-problem.js';

interface CommitConflictProps {
  readonly branch: string;
  readonly error: ProblemError;
  readonly onNewBranch: () => void;
  /** Commits on this head. A later push is another conflict and is not overwritten. */
  readonly onNewHead: (head: string) => void;
}

/** The branch has newer commits: lists the files that they changed too and offers solutions. The input is kept. */
export function CommitConflict({ branch, error, onNewBranch, onNewHead }: CommitConflictProps) {
  const files = violationsOf(error).map(({ path }) => path);
  const { head } = error;
  return (
    <div className="conflict">
      <FormProblem error={error} violations={[]} />
      {files.length > 0 && (
        <ul aria-label="Files that also changed on the branch">
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
          ? 'Commit to a new branch and merge it, or overwrite these files with your changes.'
          : 'None of your files changed on the branch.'}
      </p>
      <div className="form-actions">
        <button type="button" className="button" onClick={onNewBranch}>
          Commit to a new branch
        </button>
        {head !== undefined && (
          <button type="button" className="button" onClick={() => onNewHead(head)}>
            {files.length > 0 ? 'Overwrite with my changes' : 'Commit on top of the latest commit'}
          </button>
        )}
      </div>
    </div>
  );
}
