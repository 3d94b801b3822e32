import { useState } from 'react';
import type { ReactNode } from 'react';
import { Field } from './field.js';

/** The API accepts at most this many characters. */
const MAX_LENGTH = 65_536;

interface PemFieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly violation?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

interface PemFormat {
  readonly placeholder: string;
  /** Label of the file input. */
  readonly chooseFile: string;
  /** Accepted file extensions. */
  readonly extensions: string;
  readonly tooLong: string;
  /** Returns the text of a file. */
  readonly parse: (bytes: Uint8Array) => string;
}

const CERTIFICATES: PemFormat = {
  placeholder: '-----BEGIN CERTIFICATE-----',
  chooseFile: 'Choose file',
  extensions: '.pem,.crt,.cer,.der',
  tooLong: 'This is too long: at most 64 KB, about 40 certificates.',
  parse: certificatesOf,
};
const PRIVATE_KEY: PemFormat = {
  placeholder: '-----BEGIN RSA PRIVATE KEY-----',
  chooseFile: 'Choose .pem file',
  extensions: '.pem',
  tooLong: 'This is too long for a private key.',
  parse: (bytes) => new TextDecoder().decode(bytes),
};

/** One or more certificates: pasted, or uploaded as PEM or DER. */
export function CertificatesField(props: PemFieldProps) {
  return <PemField {...props} format={CERTIFICATES} />;
}

/** A private key, pasted or uploaded as the .pem file of the server. */
export function PrivateKeyField(props: PemFieldProps) {
  return <PemField {...props} format={PRIVATE_KEY} />;
}

function PemField({ label, hint, violation, value, onChange, format }: PemFieldProps & { readonly format: PemFormat }) {
  const [tooLong, setTooLong] = useState(false);
  const change = (text: string) => {
    setTooLong(text.length > MAX_LENGTH);
    if (text.length <= MAX_LENGTH) onChange(text);
  };
  const read = async (file: File | undefined) => {
    if (file) change(format.parse(new Uint8Array(await file.slice(0, MAX_LENGTH + 1).arrayBuffer())));
  };
  return (
    <Field label={label} hint={hint} violation={tooLong ? format.tooLong : violation}>
      {(control) => (
        <>
          <textarea
            {...control}
            className="key"
            rows={4}
            value={value}
            onChange={(event) => change(event.target.value)}
            placeholder={format.placeholder}
            autoComplete="off"
            spellCheck={false}
          />
          <label className="button file-button">
            {format.chooseFile}
            <input
              type="file"
              className="visually-hidden"
              accept={format.extensions}
              onChange={(event) => void read(event.target.files?.[0])}
            />
          </label>
        </>
      )}
    </Field>
  );
}

/** The text of a PEM file; the bytes of a DER file, which begins with an ASN.1 sequence, as PEM. */
function certificatesOf(bytes: Uint8Array): string {
  if (bytes[0] !== 0x30 || bytes.length > MAX_LENGTH) return new TextDecoder().decode(bytes);
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
