import { useState } from 'react';
import { useAction } from '../../../api/use-action.js';
import { Dialog } from '../../../components/dialog.js';
import { DialogActions } from '../../../components/dialog-actions.js';
import { Field } from '../../../components/field.js';
import { FormProblem } from '../../../components/form-problem.js';
import { pathError } from './draft.rules.js';

interface PathDialogProps {
  /** Label of the button that submits the path. */
  readonly action: string;
  readonly title: string;
  readonly initial: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Returns why the path cannot be used, or null. */
  readonly validate: (path: string) => Promise<string | null>;
  readonly onChosen: (path: string) => void;
}

/** The dialog that asks for the path of a file. */
export function PathDialog({ title, isOpen, onClose, ...form }: PathDialogProps) {
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      <PathForm {...form} onClose={onClose} />
    </Dialog>
  );
}

function PathForm({ action, initial, validate, onChosen, onClose }: Omit<PathDialogProps, 'title' | 'isOpen'>) {
  const [path, setPath] = useState(initial);
  const choose = useAction(
    async () => {
      const violation = pathError(path) ?? (await validate(path));
      return { violation, path };
    },
    (choice) => {
      if (choice.violation !== null) return;
      onClose();
      onChosen(choice.path);
    },
  );
  const shownViolation = choose.result?.path === path ? choose.result.violation : null;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        choose.run(undefined);
      }}
    >
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
      <DialogActions onClose={onClose} action={action} pendingText={action} pending={choose.pending} />
    </form>
  );
}
