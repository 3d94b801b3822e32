import { useState } from 'react';
import type { MadeCommit, Project } from '@reunite/contracts';
import { violationAt, violationsOf } from '../../../api/violations.js';
import { paths } from '../../../api/paths.js';
import { ProblemError } from '../../../api/problem.error.js';
import { useCreate } from '../../../api/use-action.js';
import { Dialog } from '../../../components/dialog.js';
import { DialogActions } from '../../../components/dialog-actions.js';
import { Field } from '../../../components/field.js';
import { FormProblem } from '../../../components/form-problem.js';
import { useSession } from '../../../shell/session-context.js';
import { CommitAuthor } from './commit-author.js';
import { CommitConflict } from './commit-conflict.js';
import { toRequest } from './draft.rules.js';
import type { Changes, Draft } from './draft.rules.js';
import type { Editing } from './draft-store.js';
import { ReviewChanges } from './review-changes.js';
import { whyNotCommit } from './production-commits.rules.js';

interface CommitDialogProps {
  readonly project: Project;
  readonly draft: Draft;
  readonly editing: Editing;
  readonly onCommitted: (made: MadeCommit) => void;
}

type Target = 'same' | 'new';

/** The button and dialog that commit all changes at once. The input is kept until the commit has succeeded. */
export function CommitDialog({ project, draft, editing, onCommitted }: CommitDialogProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [message, setMessage] = useState('');
  const [chosenTarget, setTarget] = useState<Target>('same');
  const [name, setName] = useState('');
  const rejection = whyNotCommit(project, useSession(), draft.branch);
  const target = rejection === null ? chosenTarget : 'new';
  const commit = useCommit(project.id, draft, target, (made) => {
    setIsOpen(false);
    editing.discard();
    onCommitted(made);
  });
  const close = () => setIsOpen(false);
  const submit = (head?: string) => commit.submit({ message, newBranch: target === 'new' ? name : null }, head);
  return (
    <>
      <button type="button" className="button button-primary" onClick={() => setIsOpen(true)}>
        Commit…
      </button>
      <Dialog title="Commit changes" isOpen={isOpen} onClose={close} isWide>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <CommitProblem
            branch={draft.branch}
            commit={commit}
            onNewBranch={() => setTarget('new')}
            onNewHead={submit}
          />
          <ReviewChanges project={project} draft={draft} />
          <MessageField value={message} violation={violationAt(commit.violations, 'message')} onChange={setMessage} />
          <TargetFields
            branch={draft.branch}
            rejection={rejection}
            target={target}
            onTarget={setTarget}
            name={name}
            onName={setName}
            violation={violationAt(commit.violations, 'branch')}
          />
          <CommitAuthor connectionId={project.connectionId} />
          <DialogActions
            onClose={close}
            action="Commit"
            pendingText="Committing…"
            pending={commit.pending}
            back="Back"
          />
        </form>
      </Dialog>
    </>
  );
}

interface MessageFieldProps {
  readonly value: string;
  readonly violation: string | undefined;
  readonly onChange: (message: string) => void;
}

function MessageField({ value, violation, onChange }: MessageFieldProps) {
  return (
    <Field label="Message" violation={violation}>
      {(control) => <textarea {...control} rows={3} value={value} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}

interface CommitProblemProps {
  readonly branch: string;
  readonly commit: ReturnType<typeof useCommit>;
  readonly onNewBranch: () => void;
  readonly onNewHead: (head: string) => void;
}

function CommitProblem({ branch, commit, ...solutions }: CommitProblemProps) {
  if (commit.conflict) return <CommitConflict branch={branch} error={commit.conflict} {...solutions} />;
  return <FormProblem error={commit.error} violations={commit.violations} />;
}

/** Sends the commit. After a conflict, the next commit of the same changes expects the head that was last submitted. */
function useCommit(projectId: string, draft: Draft, target: Target, onMade: (made: MadeCommit) => void) {
  const [tried, setTried] = useState<{ readonly changes: Changes; readonly head: string }>();
  const { run, error, pending } = useCreate(paths.createCommit(projectId), onMade);
  const conflict = error instanceof ProblemError && error.code === 'commit-conflict' ? error : null;
  // A conflict is valid for the submitted changes only: after further changes its head must not be used.
  const last = target === 'same' && tried?.changes === draft.changes ? tried : undefined;
  const submit = (input: { message: string; newBranch: string | null }, head = last?.head ?? draft.expectedHead) => {
    setTried({ changes: draft.changes, head });
    run({
      branch: input.newBranch ?? draft.branch,
      newBranch: input.newBranch !== null,
      expectedHead: head,
      message: input.message,
      changes: toRequest(draft.changes),
    });
  };
  return {
    submit,
    pending,
    /** Null if the conflict does not apply to the current input. */
    conflict: last ? conflict : null,
    error: conflict ? undefined : error,
    violations: conflict ? [] : violationsOf(error),
  };
}

interface TargetFieldsProps {
  readonly branch: string;
  /** Why the user cannot commit to the branch of the draft, or null. */
  readonly rejection: string | null;
  readonly target: Target;
  readonly onTarget: (target: Target) => void;
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
