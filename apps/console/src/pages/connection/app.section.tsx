import { useQuery } from '@tanstack/react-query';
import type { Connection, ConnectionHealth } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { CopyField } from '../../components/copy-field.js';
import { ExternalLink } from '../../components/external-link.js';
import { Fact, Facts } from '../../components/facts.js';
import { Icon } from '../../components/icon.js';
import { Notice } from '../../components/notice.js';
import { Section } from '../../components/section.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';
import { comparePermissions } from '../../format/permissions.js';
import { counted, sentence } from '../../format/text.js';

type App = NonNullable<Connection['app']>;

interface AppSectionProps {
  readonly connectionId: string;
  readonly app: App;
}

/** The GitHub App on the server: its URLs, and which permissions and events it needs, has and uses. */
export function AppSection({ connectionId, app }: AppSectionProps) {
  const health = useQuery(queries.connectionHealth(connectionId)).data;
  return (
    <Section title="GitHub App">
      <Facts>
        <Fact name="App ID">
          <code>{app.id}</code>
        </Fact>
        <Fact name="App name">
          <ExternalLink href={app.htmlUrl}>{app.slug}</ExternalLink>
        </Fact>
      </Facts>
      <CopyField
        label="Callback URL of this provider"
        value={app.callbackUrl}
        hint="The app needs it in its settings on the server, for the sign-in of users. An app that Reunite created has it."
      />
      <Permissions app={app} usage={health?.permissions ?? []} />
      {health && <Events events={health.events} />}
    </Section>
  );
}

function Permissions({ app, usage }: { readonly app: App; readonly usage: ConnectionHealth['permissions'] }) {
  const lines = comparePermissions(app.permissions, usage);
  const missing = lines.filter((line) => !line.enough).length;
  return (
    <>
      {missing > 0 && (
        <Notice tone="warn" title={`${counted(missing, 'permission')} missing`}>
          Grant the marked permissions in the app’s settings on the server, then select Refresh. Until then, what needs
          it fails with a message that names it.
        </Notice>
      )}
      <Table caption="Permissions" columns={['Permission', 'Needed', 'Granted', 'Last used']}>
        {lines.map((line) => (
          <tr key={line.name}>
            <Cell label="Permission">
              {line.name} <span className="quiet">{line.scope}</span>
            </Cell>
            <Cell label="Needed">{sentence(line.needed)}</Cell>
            <Cell label="Granted">
              <Granted enough={line.enough}>{sentence(line.granted)}</Granted>
            </Cell>
            <Cell label="Last used">{line.usedAt === null ? '–' : <TimeAgo at={line.usedAt} />}</Cell>
          </tr>
        ))}
      </Table>
    </>
  );
}

function Events({ events }: { readonly events: ConnectionHealth['events'] }) {
  return (
    <Table caption="Webhook events" columns={['Event', 'Needed', 'Subscribed', 'Last received']}>
      {events.map(({ name, needed, subscribed, receivedAt }) => (
        <tr key={name}>
          <Cell label="Event">
            <code>{name}</code>
          </Cell>
          <Cell label="Needed">{needed ? 'Yes' : 'No'}</Cell>
          <Cell label="Subscribed">
            <Granted enough={subscribed || !needed}>{subscribed ? 'Yes' : 'No'}</Granted>
          </Cell>
          <Cell label="Last received">{receivedAt === null ? '–' : <TimeAgo at={receivedAt} />}</Cell>
        </tr>
      ))}
    </Table>
  );
}

function Granted({ enough, children }: { readonly enough: boolean; readonly children: string }) {
  return (
    <span className={enough ? 'granted' : 'granted granted-not'}>
      <Icon name={enough ? 'check' : 'cross'} />
      {children}
      {!enough && <span className="visually-hidden"> (not enough)</span>}
    </span>
  );
}
