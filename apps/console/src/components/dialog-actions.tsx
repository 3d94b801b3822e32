import type { RefObject } from 'react';

interface DialogActionsProps {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  /** Label of the submit button. */
  readonly action: string;
  /** Label of the submit button while submitting. */
  readonly pendingText: string;
  readonly pending: boolean;
  readonly disabled?: boolean;
  /** True if the action cannot be undone. */
  readonly danger?: boolean;
  /** Label of the button that closes the dialog. */
  readonly back?: string;
}

/** The submit and the cancel button of a dialog. */
export function DialogActions({ dialog, action, pendingText, pending, back = 'Cancel', ...look }: DialogActionsProps) {
  return (
    <div className="form-actions">
      <button
        type="submit"
        className={`button ${look.danger ? 'button-danger' : 'button-primary'}`}
        disabled={pending || look.disabled}
      >
        {pending ? pendingText : action}
      </button>
      <button type="button" className="button" onClick={() => dialog.current?.close()}>
        {back}
      </button>
    </div>
  );
}
