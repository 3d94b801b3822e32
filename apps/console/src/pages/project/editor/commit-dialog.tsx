import { useRef, useState } from 'react';
import type { CreateCommit, MadeCommit, Project } from '@reunite/contracts';
import { violationAt, violationsOf } from '../../../api/violations.js';
import { paths } from '../../../api/paths.js';
import { ProblemError } from '../../../api/problem.error.js';
import { useCreate } from '../../../api/use-action.js';
import { DialogActions } from '../../../components/dialog-actions.js';
import { Field } from '../../../components/field.js';
import { FormProblem } from '../../../components/form-problem.js';
import { useSession } from '../../../shell/session-context.js';
import { CommitAuthor } from './commit-author.js';
import { CommitConflict } from './commit-conflict.js';
import { toRequest } from './draft.rules.js';
import type { Changes, Draft } from './draft.rules.js';
import type { Editing } from './draft-store.js';
import { whyNotCommit } from './production-commits.rules.js';

interface CommitDialogProps {
  readonly project: Project;
  readonly draft: Draft;
  readonly editing: Editing;
  readonly onCommitted: (made: MadeCommit) => void;
}

/** Commits all changes at once. The input is kept until the commit has succeeded. */
export function CommitDialog({ project, draft, editing, onCommitted }: CommitDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [message, setMessage] = useState('');
  const [chosenTarget, setTarget] = useState<'same' | 'new'>('same');
  const [name, setName] = useState('');
  const rejection = whyNotCommit(project, useSession(), draft.branch);
  const target = rejection === null ? chosenTarget : 'new';
  const [tried, setTried] = useState<{ readonly changes: Changes; readonly head: string }>();
  const commit = useCreate<Partial<CreateCommit>, MadeCommit>(paths.createCommit(project.id), (made) => {
    dialog.current?.close();
    editing.discard();
    onCommitted(made);
  });
  const conflictError =
    commit.error instanceof ProblemError && commit.error.code === 'commit-conflict' ? commit.error : null;
  const violations = conflictError ? [] : violationsOf(commit.error);
  // A conflict is valid for the submitted changes only: after further changes its head must not be used.
  const last = tried?.changes === draft.changes ? tried : undefined;
  const conflict = last && target === 'same' ? conflictError : null;
  const submit = (head = draft.expectedHead) => {
    setTried({ changes: draft.changes, head });
    commit.run({
      ...(target === 'new' ? { branch: name, newBranch: true } : { branch: draft.branch, newBranch: false }),
      expectedHead: head,
      message,
      changes: toRequest(draft.changes),
    });
  };
  return (
    <>
      <button type="button" className="button button-primary" onClick={() => dialog.current?.showModal()}>
        Commit…
      </button>
      <dialog ref={dialog} aria-label="Commit changes">
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            submit(target === 'same' ? last?.head : undefined);
          }}
        >
          <h2>Commit changes</h2>
          {conflict ? (
            <CommitConflict
              branch={draft.branch}
              error={conflict}
              onNewBranch={() => setTarget('new')}
              onNewHead={submit}
            />
          ) : (
            <FormProblem error={conflictError ? undefined : commit.error} violations={violations} />
          )}
          <Field label="Message" violation={violationAt(violations, 'message')}>
            {(control) => (
              <textarea {...control} rows={3} value={message} onChange={(event) => setMessage(event.target.value)} />
            )}
          </Field>
          <TargetFields
            branch={draft.branch}
            rejection={rejection}
            target={target}
            onTarget={setTarget}
            name={name}
            onName={setName}
            violation={violationAt(violations, 'branch')}
          />
          <CommitAuthor connectionId={project.connectionId} />
          <DialogActions
            dialog={dialog}
            action="Commit"
            pendingText="Committing…"
            pending={commit.pending}
            back="Back"
          />
        </form>
      </dialog>
    </>
  );
}

interface TargetFieldsProps {
  readonly branch: string;
  /** Why the user cannot commit to the branch of the draft, or null. */
  readonly rejection: string | null;
  readonly target: 'same' | 'new';
  readonly onTarget: (target: 'same' | 'new') => void;
  /** Name of the new branch. */
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly violation: string | undefined;
}

/** Chooses between the branch of the draft and a new one. */
function TargetFields({ branch, rejection, target, onTarget, name, onName, violation }: TargetFieldsProps) {
  return (
    <fieldset>
      <legend>Target</legend>
      <label className="choice">
        <input
          type="radio"
          name="target"
          checked={target === 'same'}
          disabled={rejection !== null}
          onChange={() => onTarget('same')}
        />
        <span>
          To <span className="branch">{branch}</span>
        </span>
      </label>
      <label className="choice">
        <input type="radio" name="target" checked={target === 'new'} onChange={() => onTarget('new')} />
        To a new branch
      </label>
      {rejection !== null && <p className="hint">{rejection}</p>}
      {target === 'new' && (
        <Field label="Branch name" violation={violation}>
          {(control) => (
            <input {...control} value={name} onChange={(event) => onName(event.target.value)} autoComplete="off" />
          )}
        </Field>
      )}
    </fieldset>
  );
}
