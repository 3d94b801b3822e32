import { Link } from 'react-router';
import type { Connection } from '@reunite/contracts';
import { Badge } from '../../components/badge.js';
import { Section } from '../../components/section.js';
import { Cell, Table } from '../../components/table.js';
import { webAddress } from '../../format/address.js';

/** On which organizations of the server the app is installed, and the link to install it on one. */
export function InstallationsSection({ connection }: { readonly connection: Connection }) {
  const { app, installations } = connection;
  const isInstalled = installations.length > 0;
  // In this tab: the server sends the person back here when the app is installed.
  const install = app && (
    <a className={isInstalled ? 'button' : 'button button-primary'} href={webAddress(app.installUrl)}>
      Install the app
    </a>
  );
  if (!isInstalled) {
    return (
      <Section title="Installations">
        <p>
          The app exists, but it may not read anything yet. Install it on an organization of the server and choose its
          repositories; the server then sends you back here.
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
