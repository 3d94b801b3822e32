import type { Connection } from '@reunite/contracts';
import { ExternalLink } from '../../components/external-link.js';
import { Fact, Facts } from '../../components/facts.js';
import { Icon } from '../../components/icon.js';
import { Notice } from '../../components/notice.js';
import { Section } from '../../components/section.js';
import { Cell, Table } from '../../components/table.js';
import { comparePermissions } from '../../format/permissions.js';
import { counted, sentence } from '../../format/text.js';

type App = NonNullable<Connection['app']>;

/** The GitHub App on the server, and whether it has the required permissions. */
export function AppSection({ app }: { readonly app: App }) {
  const lines = comparePermissions(app.permissions);
  const missing = lines.filter((line) => !line.enough).length;
  return (
    <Section title="GitHub App">
      <Facts>
        <Fact name="App ID">
          <code>{app.id}</code>
        </Fact>
        <Fact name="App name">
          <ExternalLink href={app.htmlUrl}>{app.slug}</ExternalLink>
        </Fact>
        <Fact name="Events">{app.events.length === 0 ? 'none' : app.events.join(', ')}</Fact>
      </Facts>
      {missing > 0 && (
        <Notice tone="warn" title={`${counted(missing, 'permission')} missing`}>
          Grant the marked permissions in the app’s settings on the server, then select Refresh. Until then, what needs
          it fails with a message that names it.
        </Notice>
      )}
      <Table caption="Permissions" columns={['Permission', 'Needed', 'Granted']}>
        {lines.map((line) => (
          <tr key={line.name}>
            <Cell label="Permission">
              {line.name} <span className="quiet">{line.scope}</span>
            </Cell>
            <Cell label="Needed">{sentence(line.needed)}</Cell>
            <Cell label="Granted">
              <span className={line.enough ? 'granted' : 'granted granted-not'}>
                <Icon name={line.enough ? 'check' : 'cross'} />
                {sentence(line.granted)}
                {!line.enough && <span className="visually-hidden"> (not enough)</span>}
              </span>
            </Cell>
          </tr>
        ))}
      </Table>
    </Section>
  );
}
