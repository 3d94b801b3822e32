import type { ReactNode } from 'react';
import { Field } from './field.js';

interface SecretFieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly fault?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A secret on one line. It is written, never shown; and it is no password of the person's to be remembered. */
export function SecretField({ label, hint, fault, value, onChange }: SecretFieldProps) {
  return (
    <Field label={label} hint={hint} fault={fault}>
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

/** A private key: pasted, or the file as the server gave it. */
export function PrivateKeyField({ label, hint, fault, value, onChange }: SecretFieldProps) {
  const read = async (file: File | undefined) => {
    if (file) onChange(await file.text());
  };
  return (
    <Field label={label} hint={hint} fault={fault}>
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
            Choose the .pem file
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
