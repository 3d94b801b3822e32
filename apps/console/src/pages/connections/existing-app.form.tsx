import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Connection } from '@reunite/contracts';
import { faultAt, faultsOf } from '../../api/faults.js';
import { paths } from '../../api/paths.js';
import { useCreate } from '../../api/use-action.js';
import { Field } from '../../components/field.js';
import { FormProblem } from '../../components/form-problem.js';
import { PrivateKeyField, SecretField } from '../../components/secret-field.js';

const plainFields = [
  { name: 'name', label: 'Name', hint: 'How people in Reunite know this server, e.g. “Acme GitHub”.' },
  {
    name: 'serverUrl',
    label: 'Server URL',
    hint: 'The address you open in the browser, without a path, e.g. https://ghes.example.com',
  },
  { name: 'owner', label: 'Organization', hint: 'The organization on the server that owns the GitHub App.' },
  { name: 'appId', label: 'App ID', hint: 'The number at the top of the app’s settings.' },
  { name: 'clientId', label: 'Client ID', hint: 'Below the App ID, e.g. Iv1.8a61f9b3a7aba766' },
] as const;

const empty = {
  name: '',
  serverUrl: '',
  owner: '',
  appId: '',
  clientId: '',
  clientSecret: '',
  privateKey: '',
  webhookSecret: '',
};
type Draft = typeof empty;

export function ExistingAppForm() {
  const [values, setValues] = useState<Draft>(empty);
  const navigate = useNavigate();
  const add = useCreate(paths.addExistingApp, ({ id }: Connection) => void navigate(`/connections/${id}`));
  const faults = faultsOf(add.error);
  const control = (name: keyof Draft) => ({
    value: values[name],
    onChange: (value: string) => setValues({ ...values, [name]: value }),
    fault: faultAt(faults, name),
  });
  return (
    <form
      className="card form"
      noValidate
      aria-label="Existing app"
      onSubmit={(event) => {
        event.preventDefault();
        add.run({ ...values, appId: Number(values.appId) });
      }}
    >
      <FormProblem error={add.error} faults={faults} />
      {plainFields.map(({ name, label, hint }) => (
        <Field key={name} label={label} hint={hint} fault={control(name).fault}>
          {(described) => (
            <input
              {...described}
              value={values[name]}
              onChange={(event) => control(name).onChange(event.target.value)}
              inputMode={name === 'appId' ? 'numeric' : 'text'}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              required
            />
          )}
        </Field>
      ))}
      <SecretField
        label="Client secret"
        hint="Of those that the app’s settings list, a new one is shown once."
        {...control('clientSecret')}
      />
      <PrivateKeyField label="Private key" hint="“Generate a private key” gives it." {...control('privateKey')} />
      <SecretField
        label="Webhook secret"
        hint="Leave it empty, and a random one is made and set on the server."
        {...control('webhookSecret')}
      />
      <div className="form-actions">
        <button type="submit" className="button button-primary" disabled={add.pending}>
          {add.pending ? 'Asking the server…' : 'Add app'}
        </button>
      </div>
      <p className="hint">
        The server is asked whether all of this belongs together; only then it is kept, encrypted, in the vault. Nobody
        can read it there.
      </p>
    </form>
  );
}
