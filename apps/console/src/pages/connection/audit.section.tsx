import { useInfiniteQuery } from '@tanstack/react-query';
import type { AuditRecord } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Badge } from '../../components/badge.js';
import { Details } from '../../components/details.js';
import { Loaded } from '../../components/loaded.js';
import { Section } from '../../components/section.js';
import { ShowMore } from '../../components/show-more.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';

/** The changes of the credentials of a connection, as the vault recorded them. */
export function AuditSection({ connectionId }: { readonly connectionId: string }) {
  const audit = useInfiniteQuery(queries.connectionAudit(connectionId));
  return (
    <Section title="Audit">
      <p>Calls of the credential vault that changed something for this provider, or attempted to.</p>
      <Loaded resource={audit} what="the audit">
        {({ items }) => (items.length === 0 ? <p className="quiet">No records yet.</p> : <Records records={items} />)}
      </Loaded>
      <ShowMore list={audit} />
    </Section>
  );
}

function Records({ records }: { readonly records: readonly AuditRecord[] }) {
  return (
    <Table caption="Audit records" columns={['Time', 'Caller', 'Call', 'Outcome']}>
      {records.map(({ number, at, service, subject, name, method, details, outcome }) => (
        <tr key={number}>
          <Cell label="Time">
            <TimeAgo at={at} />
          </Cell>
          <Cell label="Caller">
            {subject === null ? `Service ${service}` : (name ?? subject)}{' '}
            {subject !== null && <span className="quiet">{service}</span>}
          </Cell>
          <Cell label="Call">
            <code>{method}</code>
            <Details details={details} />
          </Cell>
          <Cell label="Outcome">
            <Badge tone={outcome === 'ok' ? 'good' : 'warn'}>{outcome}</Badge>
          </Cell>
        </tr>
      ))}
    </Table>
  );
}
