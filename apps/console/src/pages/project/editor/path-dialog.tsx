import { useRef, useState } from 'react';
import { useAction } from '../../../api/use-action.js';
import { DialogActions } from '../../../components/dialog-actions.js';
import { Field } from '../../../components/field.js';
import { FormProblem } from '../../../components/form-problem.js';
import { refusePath } from './draft.rules.js';

interface PathDialogProps {
  /** What the button says. */
  readonly action: string;
  readonly title: string;
  readonly initial: string;
  /** Why nothing can be put there; null: it can. */
  readonly refuse: (path: string) => Promise<string | null>;
  readonly onChosen: (path: string) => void;
}

/** A button, and the dialog that asks for the path of a file. */
export function PathDialog({ action, title, initial, refuse, onChosen }: PathDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [path, setPath] = useState(initial);
  const choose = useAction(
    async () => {
      const refused = refusePath(path) ?? (await refuse(path));
      return { refused, path };
    },
    (choice) => {
      if (choice.refused !== null) return;
      dialog.current?.close();
      onChosen(choice.path);
    },
  );
  const fault = choose.result?.path === path ? choose.result.refused : null;
  const open = () => {
    setPath(initial);
    dialog.current?.showModal();
  };
  return (
    <>
      <button type="button" className="button" onClick={open}>
        {action}…
      </button>
      <dialog ref={dialog} aria-label={title}>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            choose.run(undefined);
          }}
        >
          <h2>{title}</h2>
          <FormProblem error={choose.error} faults={[]} />
          <Field label="Path" hint="From the project’s root folder, with / between folders." fault={fault ?? undefined}>
            {(control) => (
              <input {...control} value={path} onChange={(event) => setPath(event.target.value)} autoComplete="off" />
            )}
          </Field>
          <DialogActions dialog={dialog} action={action} pendingText={action} pending={choose.pending} />
        </form>
      </dialog>
    </>
  );
}
