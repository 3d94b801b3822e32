import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { CreateConnection } from '@reunite/contracts';
import { violationAt, violationsOf } from '../../api/violations.js';
import { paths } from '../../api/paths.js';
import { useCreate } from '../../api/use-action.js';
import { BackLink } from '../../components/back-link.js';
import { ConnectSteps } from '../../components/connect-steps.js';
import { Field } from '../../components/field.js';
import { FormProblem } from '../../components/form-problem.js';
import { PageHeader } from '../../components/page-header.js';
import { DIRECT_DRAFT, newProfileInput } from '../connection/profile/profile-draft.rules.js';
import { NetworkDetails } from './network-details.js';
import { AppPreview } from './app-preview.js';
import { postManifest } from './post-form.js';
import { ServerCheck } from './server-check.js';

const fields = [
  { name: 'name', label: 'Name', hint: 'The display name of this server, e.g. “Acme GitHub”.' },
  {
    name: 'serverUrl',
    label: 'Server URL',
    hint: 'The URL of the server without a path, e.g. https://ghes.example.com',
  },
  { name: 'owner', label: 'Organization', hint: 'The organization on the server that will own the GitHub App.' },
] as const;

export function NewConnectionPage() {
  const [values, setValues] = useState<Omit<CreateConnection, 'profile'>>({ name: '', serverUrl: '', owner: '' });
  const [profile, setProfile] = useState(DIRECT_DRAFT);
  const navigate = useNavigate();
  const create = useCreate(paths.createConnection, (form) => {
    // First, so that "back" on the server's page leads to the pending provider, not to an empty form.
    void navigate(`/connections/${form.connectionId}`, { replace: true });
    postManifest(form);
  });
  const violations = violationsOf(create.error);
  return (
    <>
      <PageHeader title="Add provider" above={<BackLink to="/connections">Git providers</BackLink>} />
      <ConnectSteps current={1} />
      <form
        className="card form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          create.run({ ...values, profile: newProfileInput(profile) });
        }}
      >
        <FormProblem error={create.error} violations={violations} />
        {fields.map(({ name, label, hint }) => (
          <Field key={name} label={label} hint={hint} violation={violationAt(violations, name)}>
            {(control) => (
              <input
                {...control}
                name={name}
                value={values[name]}
                onChange={(event) => setValues({ ...values, [name]: event.target.value })}
                inputMode={name === 'serverUrl' ? 'url' : 'text'}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                required
              />
            )}
          </Field>
        ))}
        <ServerCheck
          serverUrl={values.serverUrl}
          profile={profile}
          onChange={(serverUrl) => setValues({ ...values, serverUrl })}
        />
        <NetworkDetails draft={profile} onChange={setProfile} violations={violations} serverUrl={values.serverUrl} />
        <div className="form-actions">
          <button type="submit" className="button button-primary" disabled={create.pending}>
            {create.pending ? 'Preparing…' : 'Continue on the server'}
          </button>
        </div>
        <NextSteps />
      </form>
    </>
  );
}

function NextSteps() {
  return (
    <>
      <p className="hint">
        Your server then asks you to create a GitHub App and returns you to this console. The key and secrets of the app
        go directly from your server into the vault.
      </p>
      <AppPreview />
      <p className="hint">
        Can’t create GitHub Apps on the server? <Link to="/connections/new/existing">Enter an existing app</Link>{' '}
        instead.
      </p>
    </>
  );
}
