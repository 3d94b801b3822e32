import type { ReactNode } from 'react';
import type { Violation } from '../../../api/violations.js';
import { violationAt } from '../../../api/violations.js';
import { Field } from '../../../components/field.js';
import { CertificatesField, PrivateKeyField } from '../../../components/pem-field.js';
import { SecretField } from '../../../components/secret-field.js';
import { PinCertificate } from './pin-certificate.js';
import type { ProfileDraft } from './profile-draft.rules.js';

interface ProfileFieldsProps {
  readonly draft: ProfileDraft;
  readonly onChange: (draft: ProfileDraft) => void;
  readonly violations: readonly Violation[];
  /** Before the fields' names in the violations. */
  readonly prefix: '' | 'profile.';
  readonly serverUrl: string;
  /** Adds the hint that an empty secret keeps the stored one. */
  readonly keeps: boolean;
}

const LIMITS = [
  { name: 'connectTimeoutSeconds', label: 'Seconds to connect', hint: '1 to 60' },
  {
    name: 'requestTimeoutSeconds',
    label: 'Seconds for a request',
    hint: '0 for the limit of the operator',
  },
  { name: 'gitTimeoutSeconds', label: 'Seconds for a git fetch', hint: '0 for the limit of the operator' },
  {
    name: 'maxPackMegabytes',
    label: 'Megabytes of a git fetch',
    hint: '0 for the limit of the operator',
  },
] as const;

/** The fields for how a server is reached. */
export function ProfileFields(props: ProfileFieldsProps) {
  const { draft, onChange, serverUrl } = props;
  const control = controlsOf(props);
  return (
    <>
      <CertificatesField
        label="Certificate authorities"
        hint="The authorities that issued the certificate of the server, in PEM. They are trusted for this server, in addition to the public ones."
        {...control('caBundle')}
      />
      <PinCertificate
        draft={draft}
        onChange={onChange}
        serverUrl={serverUrl}
        violation={control('pinnedCertificate').violation}
      />
      <ProxyFields {...props} />
      <GatewayFields {...props} />
      <CertificatesField
        label="Client certificate"
        hint="For mutual TLS: the certificate that the server or its gateway requires from its clients, with its chain."
        {...control('clientCertificate')}
      />
      <PrivateKeyField label="Client key" hint={secretHint(props, 'Without a passphrase.')} {...control('clientKey')} />
      <Field label="Minimum TLS version" violation={control('minTlsVersion').violation}>
        {(described) => (
          <select
            {...described}
            value={draft.minTlsVersion}
            onChange={(event) => onChange({ ...draft, minTlsVersion: event.target.value as 'TLSv1.2' | 'TLSv1.3' })}
          >
            <option value="TLSv1.2">TLS 1.2</option>
            <option value="TLSv1.3">TLS 1.3</option>
          </select>
        )}
      </Field>
      {LIMITS.map(({ name, label, hint }) => (
        <TextField key={name} label={label} hint={hint} numeric {...control(name)} />
      ))}
    </>
  );
}

function ProxyFields(props: ProfileFieldsProps) {
  const control = controlsOf(props);
  return (
    <>
      <TextField
        label="Proxy URL"
        hint="An HTTP proxy that supports CONNECT, e.g. http://proxy.example.com:3128"
        {...control('proxyUrl')}
      />
      <SecretField label="Proxy user" hint={secretHint(props)} {...control('proxyUsername')} />
      <SecretField label="Proxy password" hint={secretHint(props)} {...control('proxyPassword')} />
      <TextField
        label="Hosts without the proxy"
        hint="Hosts, domains, addresses and ranges, e.g. .example.com, 10.0.0.0/8"
        {...control('noProxy')}
      />
    </>
  );
}

function GatewayFields(props: ProfileFieldsProps) {
  const control = controlsOf(props);
  return (
    <>
      <TextField
        label="Gateway header"
        hint="The name of a header that an API gateway in front of the server requires, e.g. X-Api-Key"
        {...control('gatewayHeaderName')}
      />
      <SecretField label="Gateway header value" hint={secretHint(props)} {...control('gatewayHeaderValue')} />
    </>
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly hint: ReactNode;
  readonly numeric?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly violation: string | undefined;
}

function TextField({ label, hint, numeric = false, value, onChange, violation }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} violation={violation}>
      {(described) => (
        <input
          {...described}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          inputMode={numeric ? 'numeric' : 'text'}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
      )}
    </Field>
  );
}

function controlsOf({ draft, onChange, violations, prefix }: ProfileFieldsProps) {
  return (name: keyof ProfileDraft) => ({
    value: draft[name],
    onChange: (value: string) => onChange({ ...draft, [name]: value }),
    violation: violationAt(violations, `${prefix}${name}`),
  });
}

function secretHint({ keeps }: ProfileFieldsProps, more = ''): string | undefined {
  const text = keeps ? `${more} Leave empty to keep the stored one.` : more;
  return text.trim() === '' ? undefined : text.trim();
}
