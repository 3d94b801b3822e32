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

/** A private key, pasted or uploaded as the .pem file of the server. */
export function PrivateKeyField({ label, hint, violation, value, onChange }: SecretFieldProps) {
  const read = async (file: File | undefined) => {
    if (file) onChange(await file.text());
  };
  return (
    <Field label={label} hint={hint} violation={violation}>
      {(control) => (
        <>
          <textarea
            {...control}
            className="key"
            rows={4}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            placeholder="-----BEGIN RSA PRIVATE KEY-----"
            autoComplete="off"
            spellCheck={false}
          />
          <label className="button file-button">
            Choose .pem file
            <input
              type="file"
              className="visually-hidden"
              accept=".pem"
              onChange={(event) => void read(event.target.files?.[0])}
            />
          </label>
        </>
      )}
    </Field>
  );
}
