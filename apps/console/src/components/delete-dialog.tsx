import type { ReactNode } from 'react';
import { useRef, useState } from 'react';
import { useAction } from '../api/use-action.js';
import { DialogActions } from './dialog-actions.js';
import { Field } from './field.js';
import { FormProblem } from './form-problem.js';

interface DeleteDialogProps {
  /** Kind of the deleted object, for the text of the dialog: `provider`, `project`. */
  readonly what: string;
  readonly name: string;
  readonly onDelete: (typedName: string) => Promise<unknown>;
  readonly onDeleted: () => void;
  readonly children: ReactNode;
}

/** A delete button, and the dialog that asks to type the name first. */
export function DeleteDialog({ what, name, onDelete, onDeleted, children }: DeleteDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  const remove = useAction(onDelete, onDeleted);
  return (
    <>
      <button type="button" className="button button-danger" onClick={() => dialog.current?.showModal()}>
        Delete {what}
      </button>
      <dialog ref={dialog} aria-label={`Delete ${name}`} onClose={() => setTyped('')}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            remove.run(typed);
          }}
        >
          <h2>Delete {name}?</h2>
          {children}
          <FormProblem error={remove.error} violations={[]} />
          <Field label="Name to delete" hint={`Type “${name}” to confirm.`}>
            {(control) => (
              <input {...control} value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" />
            )}
          </Field>
          <DialogActions
            dialog={dialog}
            danger
            action="Delete permanently"
            pendingText="Deleting…"
            pending={remove.pending}
            disabled={typed !== name}
          />
        </form>
      </dialog>
    </>
  );
}
