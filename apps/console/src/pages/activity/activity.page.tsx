import { useInfiniteQuery } from '@tanstack/react-query';
import type { Activity } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Badge } from '../../components/badge.js';
import { EmptyState } from '../../components/empty-state.js';
import { Details } from '../../components/details.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { ShowMore } from '../../components/show-more.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';

/** The changes in the organization, with the user of each. */
export function ActivityPage() {
  const activity = useInfiniteQuery(queries.activity());
  return (
    <>
      <PageHeader title="Activity">
        Calls that changed something in your organization, or attempted to, from this console and from other programs.
      </PageHeader>
      <Loaded resource={activity} what="the activity">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No activity yet">Changes to projects and providers appear here.</EmptyState>
          ) : (
            <ActivityTable activity={items} />
          )
        }
      </Loaded>
      <ShowMore list={activity} />
    </>
  );
}

function ActivityTable({ activity }: { readonly activity: readonly Activity[] }) {
  return (
    <Table caption="Activity" columns={['Time', 'User', 'Action', 'Target', 'Outcome']}>
      {activity.map((entry) => (
        <tr key={entry.id}>
          <Cell label="Time">
            <TimeAgo at={entry.at} />
          </Cell>
          <Cell label="User">
            {entry.name} <span className="quiet">{entry.protocol === 'grpc' ? 'gRPC' : ''}</span>
          </Cell>
          <Cell label="Action">
            <code>{entry.action}</code>
          </Cell>
          <Cell label="Target">
            {entry.target === null ? '–' : <code>{entry.target}</code>}
            <Details details={entry.details} />
          </Cell>
          <Cell label="Outcome">
            <Badge tone={entry.outcome === 'ok' ? 'good' : 'warn'}>{entry.outcome}</Badge>
          </Cell>
        </tr>
      ))}
    </Table>
  );
}
