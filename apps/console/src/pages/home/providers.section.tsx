import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Connection } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Badge } from '../../components/badge.js';
import { Section } from '../../components/section.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';
import { hostOf } from '../../format/address.js';
import { connectionTones, selfTestTones } from '../../format/tone.js';

/** The providers with the result of their last self-test. */
export function ProvidersSection({ connections }: { readonly connections: readonly Connection[] }) {
  return (
    <Section title="Git providers">
      <Table caption="Git providers" columns={['Provider', 'Status', 'Self-test', 'Server']}>
        {connections.map((connection) => (
          <tr key={connection.id}>
            <Cell label="Provider">
              <Link className="row-link" to={`/connections/${connection.id}`}>
                {connection.name}
              </Link>
            </Cell>
            <Cell label="Status">
              <Badge tone={connectionTones[connection.status]}>{connection.status}</Badge>
            </Cell>
            <Cell label="Self-test">{connection.app === null ? '–' : <LastSelfTest id={connection.id} />}</Cell>
            <Cell label="Server">{hostOf(connection.serverUrl)}</Cell>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

function LastSelfTest({ id }: { readonly id: string }) {
  const { data } = useQuery(queries.selfTest(id));
  if (!data) return '–';
  return (
    <>
      <Badge tone={selfTestTones[data.state]}>{data.state}</Badge>{' '}
      {data.testedAt !== null && (
        <span className="quiet">
          <TimeAgo at={data.testedAt} />
        </span>
      )}
    </>
  );
}
