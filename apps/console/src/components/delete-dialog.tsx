import type { ReactNode } from 'react';
import { useState } from 'react';
import { useAction } from '../api/use-action.js';
import { Dialog } from './dialog.js';
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
  const [isOpen, setIsOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const remove = useAction(onDelete, onDeleted);
  const close = () => {
    setTyped('');
    setIsOpen(false);
  };
  return (
    <>
      <button type="button" className="button button-danger" onClick={() => setIsOpen(true)}>
        Delete {what}
      </button>
      <Dialog title={`Delete ${name}?`} label={`Delete ${name}`} isOpen={isOpen} onClose={close}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            remove.run(typed);
          }}
        >
          {children}
          <FormProblem error={remove.error} violations={[]} />
          <Field label="Name to delete" hint={`Type “${name}” to confirm.`}>
            {(control) => (
              <input {...control} value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" />
            )}
          </Field>
          <DialogActions
            onClose={close}
            danger
            action="Delete permanently"
            pendingText="Deleting…"
            pending={remove.pending}
            disabled={typed !== name}
          />
        </form>
      </Dialog>
    </>
  );
}
