import type { ReactNode } from 'react';
import { useId, useState } from 'react';
import { Dialog } from './dialog.js';
import { DialogActions } from './dialog-actions.js';
import { FormProblem } from './form-problem.js';

interface ConfirmDialogProps {
  /** Label of the button and of the dialog's submit button. */
  readonly action: string;
  readonly title: string;
  /** True if the action cannot be undone. */
  readonly danger?: boolean;
  /** Why the action is disabled. */
  readonly disabledReason?: string | undefined;
  readonly pending: boolean;
  readonly error: Error | undefined;
  readonly onConfirm: () => void;
  readonly children: ReactNode;
}

/** A button with a confirmation dialog. */
export function ConfirmDialog({
  action,
  title,
  danger = false,
  disabledReason,
  children,
  ...asked
}: ConfirmDialogProps) {
  const [isOpen, setIsOpen] = useState(false);
  const close = () => setIsOpen(false);
  const hint = useId();
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={disabledReason !== undefined}
        title={disabledReason}
        aria-describedby={disabledReason === undefined ? undefined : hint}
        onClick={() => setIsOpen(true)}
      >
        {action}…
      </button>
      {disabledReason !== undefined && (
        <span className="visually-hidden" id={hint}>
          {disabledReason}
        </span>
      )}
      <Dialog title={title} isOpen={isOpen} onClose={close}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            asked.onConfirm();
          }}
        >
          <FormProblem error={asked.error} violations={[]} />
          {children}
          <DialogActions
            onClose={close}
            action={action}
            danger={danger}
            pending={asked.pending}
            pendingText="One moment…"
            back="Back"
          />
        </form>
      </Dialog>
    </>
  );
}
