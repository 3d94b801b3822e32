import { Link } from 'react-router';
import type { Connection } from '@reunite/contracts';
import { Badge } from '../../components/badge.js';
import { Notice } from '../../components/notice.js';
import { Section } from '../../components/section.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';
import { webAddress } from '../../format/address.js';

/** The installations of the app, and a link to install it on another organization. */
export function InstallationsSection({ connection }: { readonly connection: Connection }) {
  const { app, installations } = connection;
  const isInstalled = installations.length > 0;
  // In this tab: the server returns to this page after the installation.
  const install = app && (
    <a className={isInstalled ? 'button' : 'button button-primary'} href={webAddress(app.installUrl)}>
      Install the app
    </a>
  );
  const requests = <InstallationRequests connection={connection} />;
  if (!isInstalled) {
    return (
      <Section title="Installations">
        {requests}
        <p>
          The GitHub App has no access yet. Install it on an organization of the server and choose its repositories. The
          server then returns you to this page.
        </p>
        {install}
      </Section>
    );
  }
  return (
    <Section
      title="Installations"
      actions={
        <div className="page-actions">
          {install}
          <Link className="button button-primary" to={`/projects/new?connection=${connection.id}`}>
            Connect repository
          </Link>
        </div>
      }
    >
      {requests}
      <Table caption="Installations" columns={['Organization', 'Repositories', 'State']}>
        {installations.map((installation) => (
          <tr key={installation.id}>
            <Cell label="Organization">
              <strong>{installation.owner}</strong>
            </Cell>
            <Cell label="Repositories">
              {installation.repositorySelection === 'all' ? 'All repositories' : 'Selected repositories'}
            </Cell>
            <Cell label="State">
              <Badge tone={installation.suspended ? 'bad' : 'good'}>
                {installation.suspended ? 'suspended' : 'active'}
              </Badge>
            </Cell>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

/** Requests of members, which give no access until an owner approves them on the server. */
function InstallationRequests({ connection }: { readonly connection: Connection }) {
  const installed = new Set(connection.installations.map(({ owner }) => owner));
  const waiting = connection.installationRequests.filter(({ owner }) => !installed.has(owner));
  return waiting.map(({ owner, requestedBy, requestedAt }) => (
    <Notice key={`${owner} ${requestedBy}`} tone="warn">
      {requestedBy} requested the installation on <strong>{owner}</strong> <TimeAgo at={requestedAt} />. An owner of{' '}
      {owner} has to approve it on the server, under “GitHub Apps” in the settings of the organization. This page then
      shows the installation by itself.
    </Notice>
  ));
}
