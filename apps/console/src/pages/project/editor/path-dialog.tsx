import { useRef, useState } from 'react';
import { useAction } from '../../../api/use-action.js';
import { DialogActions } from '../../../components/dialog-actions.js';
import { Field } from '../../../components/field.js';
import { FormProblem } from '../../../components/form-problem.js';
import { pathError } from './draft.rules.js';

interface PathDialogProps {
  /** Label of the button. */
  readonly action: string;
  readonly title: string;
  readonly initial: string;
  /** Returns why the path cannot be used, or null. */
  readonly validate: (path: string) => Promise<string | null>;
  readonly onChosen: (path: string) => void;
}

/** A button, and the dialog that asks for the path of a file. */
export function PathDialog({ action, title, initial, validate, onChosen }: PathDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [path, setPath] = useState(initial);
  const choose = useAction(
    async () => {
      const violation = pathError(path) ?? (await validate(path));
      return { violation, path };
    },
    (choice) => {
      if (choice.violation !== null) return;
      dialog.current?.close();
      onChosen(choice.path);
    },
  );
  const shownViolation = choose.result?.path === path ? choose.result.violation : null;
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
          <FormProblem error={choose.error} violations={[]} />
          <Field
            label="Path"
            hint="From the project’s root folder, with / between folders."
            violation={shownViolation ?? undefined}
          >
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
