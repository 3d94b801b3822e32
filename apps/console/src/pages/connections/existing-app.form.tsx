import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Connection } from '@reunite/contracts';
import { violationAt, violationsOf } from '../../api/violations.js';
import { paths } from '../../api/paths.js';
import { useCreate } from '../../api/use-action.js';
import { Field } from '../../components/field.js';
import { FormProblem } from '../../components/form-problem.js';
import { DIRECT_DRAFT, newProfileInput } from '../connection/profile/profile-draft.rules.js';
import { PrivateKeyField } from '../../components/pem-field.js';
import { SecretField } from '../../components/secret-field.js';
import { NetworkDetails } from './network-details.js';

const PLAIN_FIELDS = [
  { name: 'name', label: 'Name', hint: 'The display name of this server, e.g. “Acme GitHub”.' },
  {
    name: 'serverUrl',
    label: 'Server URL',
    hint: 'The URL of the server without a path, e.g. https://ghes.example.com',
  },
  { name: 'owner', label: 'Organization', hint: 'The organization on the server that owns the GitHub App.' },
  { name: 'appId', label: 'App ID', hint: 'The number at the top of the app’s settings.' },
  { name: 'clientId', label: 'Client ID', hint: 'Below the App ID, e.g. Iv1.8a61f9b3a7aba766' },
] as const;

const EMPTY = {
  name: '',
  serverUrl: '',
  owner: '',
  appId: '',
  clientId: '',
  clientSecret: '',
  privateKey: '',
  webhookSecret: '',
};
type Draft = typeof EMPTY;

interface FieldControl {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly violation: string | undefined;
}
type ControlOf = (name: keyof Draft) => FieldControl;

export function ExistingAppForm() {
  const [values, setValues] = useState<Draft>(EMPTY);
  const [profile, setProfile] = useState(DIRECT_DRAFT);
  const navigate = useNavigate();
  const add = useCreate(paths.addExistingApp, ({ id }: Connection) => void navigate(`/connections/${id}`));
  const violations = violationsOf(add.error);
  const controlOf: ControlOf = (name) => ({
    value: values[name],
    onChange: (value) => setValues({ ...values, [name]: value }),
    violation: violationAt(violations, name),
  });
  return (
    <form
      className="card form"
      noValidate
      aria-label="Existing app"
      onSubmit={(event) => {
        event.preventDefault();
        add.run({ ...values, appId: Number(values.appId), profile: newProfileInput(profile) });
      }}
    >
      <FormProblem error={add.error} violations={violations} />
      <PlainFields controlOf={controlOf} />
      <SecretFields controlOf={controlOf} />
      <NetworkDetails draft={profile} onChange={setProfile} violations={violations} serverUrl={values.serverUrl} />
      <div className="form-actions">
        <button type="submit" className="button button-primary" disabled={add.pending}>
          {add.pending ? 'Verifying…' : 'Add app'}
        </button>
      </div>
      <p className="hint">
        The credentials are verified with the server and then stored encrypted in the vault. They cannot be displayed.
      </p>
    </form>
  );
}

function PlainFields({ controlOf }: { readonly controlOf: ControlOf }) {
  return PLAIN_FIELDS.map(({ name, label, hint }) => {
    const { value, onChange, violation } = controlOf(name);
    return (
      <Field key={name} label={label} hint={hint} violation={violation}>
        {(control) => (
          <input
            {...control}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            inputMode={name === 'appId' ? 'numeric' : 'text'}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            required
          />
        )}
      </Field>
    );
  });
}

function SecretFields({ controlOf }: { readonly controlOf: ControlOf }) {
  return (
    <>
      <SecretField
        label="Client secret"
        hint="Generate one in the app’s settings. It is shown only once."
        {...controlOf('clientSecret')}
      />
      <PrivateKeyField
        label="Private key"
        hint="Generate one in the app’s settings and upload the .pem file."
        {...controlOf('privateKey')}
      />
      <SecretField
        label="Webhook secret"
        hint="Leave empty to generate a random secret and set it on the server."
        {...controlOf('webhookSecret')}
      />
    </>
  );
}
