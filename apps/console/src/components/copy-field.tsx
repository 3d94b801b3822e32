import { useState } from 'react';
import { Field } from './field.js';

interface CopyFieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
}

/** A text with a copy button. The clipboard needs a secure origin; elsewhere the text is selected instead. */
export function CopyField({ label, value, hint }: CopyFieldProps) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
  };
  return (
    <Field label={label} hint={hint}>
      {(control) => (
        <span className="copy">
          <input {...control} value={value} readOnly onFocus={(event) => event.target.select()} />
          {window.isSecureContext && (
            <button type="button" className="button" aria-label={`Copy ${label}`} onClick={() => void copy()}>
              {copied ? 'Copied' : 'Copy'}
            </button>
          )}
        </span>
      )}
    </Field>
  );
}
