import type { ReactNode } from 'react';
import type { Connection } from '@reunite/contracts';
import { send } from '../../api/client.js';
import { paths } from '../../api/paths.js';
import { ExternalLink } from '../../components/external-link.js';
import { PrivateKeyField } from '../../components/pem-field.js';
import { SecretField } from '../../components/secret-field.js';
import { Section } from '../../components/section.js';
import { RotationForm } from './rotation.form.js';

type App = NonNullable<Connection['app']>;

interface CredentialsProps {
  readonly connection: Connection;
  readonly app: App;
}

/** Replaces the credentials of the app. Stored credentials are never displayed. */
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
        Credentials are stored encrypted in the vault and are only used to call this server. They cannot be displayed.
      </p>
      <RotationForm
        title="Replace the private key"
        onRotate={(privateKey) => send('post', paths.privateKey(id), { body: { privateKey } })}
        field="privateKey"
        done="The new private key is in use. Delete the old one in the app’s settings."
        input={(props) => <PrivateKeyField label="New private key" {...props} />}
      >
        <Steps>
          <li>In {settings}, select “Generate a private key”. The server downloads a .pem file.</li>
          <li>Enter it here. It is verified with the server before it replaces the old key.</li>
          <li>Delete the old key in the app’s settings.</li>
        </Steps>
      </RotationForm>
      <RotationForm
        title="Replace the client secret"
        onRotate={(clientSecret) => send('post', paths.clientSecret(id), { body: { clientSecret } })}
        field="clientSecret"
        done="The new client secret is in use. Delete the old one in the app’s settings."
        input={(props) => <SecretField label="New client secret" {...props} />}
      >
        <Steps>
          <li>In {settings}, select “Generate a new client secret”. The server shows it only once.</li>
          <li>Enter it here, then delete the old secret on the server.</li>
        </Steps>
      </RotationForm>
      <RotationForm
        title="Replace the webhook secret"
        onRotate={(webhookSecret) => send('post', paths.webhookSecret(id), { body: { webhookSecret } })}
        field="webhookSecret"
        done="The server now signs with the new secret. The old secret is accepted for one more hour."
        input={(props) => (
          <SecretField label="New webhook secret" hint="Leave empty to generate a random secret." {...props} />
        )}
      >
        <p>The new secret is set on the server automatically.</p>
      </RotationForm>
    </Section>
  );
}

function Steps({ children }: { readonly children: ReactNode }) {
  return <ol className="todo">{children}</ol>;
}
