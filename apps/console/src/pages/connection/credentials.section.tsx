import type { ReactNode } from 'react';
import type { Connection } from '@reunite/contracts';
import { paths } from '../../api/paths.js';
import { ExternalLink } from '../../components/external-link.js';
import { PrivateKeyField, SecretField } from '../../components/secret-field.js';
import { Section } from '../../components/section.js';
import { RotationForm } from './rotation.form.js';

type App = NonNullable<Connection['app']>;

interface CredentialsProps {
  readonly connection: Connection;
  readonly app: App;
}

/** Replaces what the app proves itself with, one by one. Nothing that is kept is ever shown. */
export function CredentialsSection({ connection, app }: CredentialsProps) {
  const { id, serverUrl, owner } = connection;
  const settings = (
    <ExternalLink href={`${serverUrl}/organizations/${owner}/settings/apps/${app.slug}`}>
      the app’s settings
    </ExternalLink>
  );
  return (
    <Section title="Credentials">
      <p>
        They are kept encrypted in the vault and are used for nothing but calls to this server. Nobody can read them.
      </p>
      <RotationForm
        title="Replace the private key"
        path={paths.privateKey(id)}
        field="privateKey"
        done="The new private key is in use. Delete the old one in the app’s settings."
        input={(props) => <PrivateKeyField label="New private key" {...props} />}
      >
        <Steps>
          <li>In {settings}, press “Generate a private key”. The server gives you a .pem file.</li>
          <li>Enter it here. It is tried at the server before it takes the place of the old one.</li>
          <li>Delete the old key in the app’s settings.</li>
        </Steps>
      </RotationForm>
      <RotationForm
        title="Replace the client secret"
        path={paths.clientSecret(id)}
        field="clientSecret"
        done="The new client secret is in use. Delete the old one in the app’s settings."
        input={(props) => <SecretField label="New client secret" {...props} />}
      >
        <Steps>
          <li>In {settings}, press “Generate a new client secret”. The server shows it once.</li>
          <li>Enter it here, then delete the old one there.</li>
        </Steps>
      </RotationForm>
      <RotationForm
        title="Replace the webhook secret"
        path={paths.webhookSecret(id)}
        field="webhookSecret"
        done="The server signs with the new secret from now on. For an hour the old one is accepted too."
        input={(props) => (
          <SecretField label="New webhook secret" hint="Leave it empty, and a random one is made." {...props} />
        )}
      >
        <p>There is nothing to do at the server: it is told the new secret.</p>
      </RotationForm>
    </Section>
  );
}

function Steps({ children }: { readonly children: ReactNode }) {
  return <ol className="todo">{children}</ol>;
}
