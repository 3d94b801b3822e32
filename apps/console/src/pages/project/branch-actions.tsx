import { useState } from 'react';
import type { Project, SyncedBranch } from '@reunite/contracts';
import { send } from '../../api/client.js';
import { paths } from '../../api/paths.js';
import { ProblemError } from '../../api/problem.error.js';
import { useAction } from '../../api/use-action.js';
import { ConfirmDialog } from '../../components/confirm-dialog.js';

interface BranchActionProps {
  readonly project: Project;
  readonly name: string;
  readonly onDone: () => void;
}

export function SyncBranch({ project, name, onDone }: BranchActionProps) {
  const sync = useAction(
    () => send('post', paths.syncBranch(project.id), { body: { name } }),
    (_: SyncedBranch) => onDone(),
  );
  const from = project.productionBranch;
  return (
    <>
      <button type="button" className="button" disabled={sync.pending} onClick={() => sync.run(undefined)}>
        {sync.pending ? 'Syncing…' : `Sync with ${from}`}
        <span className="visually-hidden">: {name}</span>
      </button>
      {sync.result && (
        <span className="quiet" role="status">
          {sync.result.outcome === 'merged' ? `${from} is merged` : 'Up to date'}
        </span>
      )}
      {sync.error && (
        <span className="violation" role="alert">
          {sync.error.message}
        </span>
      )}
    </>
  );
}

export function DeleteBranch({ project, name, onDone }: BranchActionProps) {
  const [closes, setCloses] = useState(false);
  const remove = useAction(() => send('delete', paths.deleteBranch(project.id, name, closes)), onDone);
  const hasPullRequests = remove.error instanceof ProblemError && remove.error.code === 'pull-requests-open';
  return (
    <ConfirmDialog
      action={`Delete ${name}`}
      title={`Delete the branch ${name}?`}
      danger
      pending={remove.pending}
      error={remove.error}
      onConfirm={() => remove.run(undefined)}
    >
      <p>
        Deletes the branch on the server. Commits that are on no other branch are lost, and its previews go offline.
      </p>
      {(hasPullRequests || closes) && (
        <label className="choice">
          <input type="checkbox" checked={closes} onChange={(event) => setCloses(event.target.checked)} />
          Close pull requests from and into this branch
        </label>
      )}
    </ConfirmDialog>
  );
}
