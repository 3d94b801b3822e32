import { useState } from 'react';
import type { ReactNode } from 'react';
import { Field } from './field.js';

/** The API accepts as much. */
const MAX_LENGTH = 65_536;

interface PemFieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly violation?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** One or more certificates: pasted, or uploaded as PEM or DER. */
export function PemField({ label, hint, violation, value, onChange }: PemFieldProps) {
  const [tooLong, setTooLong] = useState(false);
  const change = (text: string) => {
    setTooLong(text.length > MAX_LENGTH);
    if (text.length <= MAX_LENGTH) onChange(text);
  };
  const read = async (file: File | undefined) => {
    if (file) change(pemOf(new Uint8Array(await file.slice(0, MAX_LENGTH + 1).arrayBuffer())));
  };
  const message = tooLong ? `This is too long: at most 64 KB, about 40 certificates.` : violation;
  return (
    <Field label={label} hint={hint} violation={message}>
      {(control) => (
        <>
          <textarea
            {...control}
            className="key"
            rows={4}
            value={value}
            onChange={(event) => change(event.target.value)}
            placeholder="-----BEGIN CERTIFICATE-----"
            autoComplete="off"
            spellCheck={false}
          />
          <label className="button file-button">
            Choose file
            <input
              type="file"
              className="visually-hidden"
              accept=".pem,.crt,.cer,.der"
              onChange={(event) => void read(event.target.files?.[0])}
            />
          </label>
        </>
      )}
    </Field>
  );
}

/** The text of a PEM file; the bytes of a DER file, which begins with an ASN.1 sequence, as PEM. */
function pemOf(bytes: Uint8Array): string {
  if (bytes[0] !== 0x30 || bytes.length > MAX_LENGTH) return new TextDecoder().decode(bytes);
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
