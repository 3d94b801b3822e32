import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearchParams } from 'react-router';
import type { Connection } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Badge } from '../../components/badge.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { Notice } from '../../components/notice.js';
import { PageHeader } from '../../components/page-header.js';
import { ShowMore } from '../../components/show-more.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';
import { hostOf } from '../../format/address.js';
import { callbackErrorText } from '../../format/callback-error.js';
import { counted } from '../../format/text.js';
import { connectionTones } from '../../format/tone.js';
import { mayManageProviders, useSession } from '../../shell/session-context.js';

export function ConnectionsPage() {
  const connections = useInfiniteQuery(queries.connections());
  const isEmpty = connections.data?.items.length === 0;
  return (
    <>
      <PageHeader title="Self-hosted Git providers" actions={isEmpty ? undefined : <AddProvider />}>
        Git servers of your organization whose repositories are synced, previewed and deployed.
      </PageHeader>
      <CallbackError />
      <Loaded resource={connections} what="the providers">
        {({ items }) =>
          isEmpty ? (
            <EmptyState title="No providers yet" action={<AddProvider />}>
              Connect your GitHub Enterprise Server. Every push to a connected repository is then synced and deployed
              automatically.
            </EmptyState>
          ) : (
            <ConnectionTable connections={items} />
          )
        }
      </Loaded>
      <ShowMore list={connections} />
    </>
  );
}

function AddProvider() {
  const navigate = useNavigate();
  const session = useSession();
  if (!mayManageProviders(session)) return <p className="hint">Only owners of your organization can add providers.</p>;
  return (
    <button type="button" className="button button-primary" onClick={() => void navigate('/connections/new')}>
      Add provider
    </button>
  );
}

/** Shows the error code that the API put into the address after a failed setup on the server. */
function CallbackError() {
  const [search, setSearch] = useSearchParams();
  const problem = search.get('problem');
  if (problem === null) return null;
  const dismiss = (
    <button type="button" className="button" onClick={() => setSearch({}, { replace: true })}>
      Dismiss
    </button>
  );
  return (
    <Notice tone="bad" title="The provider was not connected" action={dismiss}>
      {callbackErrorText(problem)} Open the provider below to try again.
    </Notice>
  );
}

function ConnectionTable({ connections }: { readonly connections: readonly Connection[] }) {
  return (
    <Table caption="Self-hosted Git providers" columns={['Name', 'Status', 'Server', 'Installed on', 'Added']}>
      {connections.map((connection) => (
        <tr key={connection.id}>
          <Cell label="Name">
            <Link className="row-link" to={`/connections/${connection.id}`}>
              {connection.name}
            </Link>
          </Cell>
          <Cell label="Status">
            <Badge tone={connectionTones[connection.status]}>{connection.status}</Badge>
          </Cell>
          <Cell label="Server">{hostOf(connection.serverUrl)}</Cell>
          <Cell label="Installed on">
            {connection.installations.length === 0
              ? 'Nothing yet'
              : counted(connection.installations.length, 'organization')}
          </Cell>
          <Cell label="Added">
            <TimeAgo at={connection.createdAt} />
          </Cell>
        </tr>
      ))}
    </Table>
  );
}
