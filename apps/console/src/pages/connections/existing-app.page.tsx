import { useQuery } from '@tanstack/react-query';
import { queries } from '../../api/queries.js';
import { BackLink } from '../../components/back-link.js';
import { CopyField } from '../../components/copy-field.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { Cell, Table } from '../../components/table.js';
import { comparePermissions } from '../../format/permissions.js';
import { sentence } from '../../format/text.js';
import { ExistingAppForm } from './existing-app.form.js';

/** Adds a provider with a GitHub App that was created manually on the server. */
export function ExistingAppPage() {
  const settings = useQuery(queries.appSettings());
  return (
    <>
      <PageHeader title="Add existing app" above={<BackLink to="/connections/new">Add provider</BackLink>}>
        For servers where an administrator creates GitHub Apps: enter the settings of the app.
      </PageHeader>
      <Section title="Settings of the app on your server">
        <Loaded resource={settings} what="the addresses">
          {({ callbackUrl, webhookUrl, events }) => (
            <div className="form">
              <CopyField label="Callback URL" value={callbackUrl} />
              <CopyField label="Webhook URL" value={webhookUrl} hint="The webhook must be active." />
              <p>
                Subscribe the app to the events <strong>{events.join(', ')}</strong>, and give it these permissions:
              </p>
            </div>
          )}
        </Loaded>
        <Table caption="Permissions of the app" columns={['Permission', 'Access']}>
          {comparePermissions({}).map(({ name, scope, needed }) => (
            <tr key={name}>
              <Cell label="Permission">
                {name} <span className="quiet">{scope}</span>
              </Cell>
              <Cell label="Access">{sentence(needed)}</Cell>
            </tr>
          ))}
        </Table>
      </Section>
      <ExistingAppForm />
    </>
  );
}
