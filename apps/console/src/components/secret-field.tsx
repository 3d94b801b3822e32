import type { ReactNode } from 'react';
import { Field } from './field.js';

interface SecretFieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly violation?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A one-line secret. Never displayed, and not offered to password managers. */
export function SecretField({ label, hint, violation, value, onChange }: SecretFieldProps) {
  return (
    <Field label={label} hint={hint} violation={violation}>
      {(control) => (
        <input
          {...control}
          type="password"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          autoComplete="new-password"
          spellCheck={false}
        />
      )}
    </Field>
  );
}
