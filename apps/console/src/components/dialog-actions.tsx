interface DialogActionsProps {
  readonly onClose: () => void;
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
export function DialogActions({ onClose, action, pendingText, pending, back = 'Cancel', ...look }: DialogActionsProps) {
  return (
    <div className="form-actions">
      <button
        type="submit"
        className={`button ${look.danger ? 'button-danger' : 'button-primary'}`}
        disabled={pending || look.disabled}
      >
        {pending ? pendingText : action}
      </button>
      <button type="button" className="button" onClick={onClose}>
        {back}
      </button>
    </div>
  );
}
