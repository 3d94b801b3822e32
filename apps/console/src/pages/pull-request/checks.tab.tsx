import { Badge } from '../../components/badge.js';
import { EmptyState } from '../../components/empty-state.js';
import { ExternalLink } from '../../components/external-link.js';
import { Cell, Table } from '../../components/table.js';
import { checkTones } from '../../format/tone.js';
import { checkKeys } from './check-keys.rules.js';
import { usePullRequest } from './open-pull-request.js';

/** All statuses and checks of the head. */
export function ChecksTab() {
  const { detail, reload } = usePullRequest();
  const keys = checkKeys(detail.checks);
  return (
    <>
      {detail.checks.length === 0 ? (
        <EmptyState title="No checks yet">No statuses or checks were reported for the latest commit.</EmptyState>
      ) : (
        <Table caption="Checks" columns={['Check', 'State', 'Summary', 'Details']}>
          {detail.checks.map(({ name, state, description, url }, index) => (
            <tr key={keys[index]}>
              <Cell label="Check">{name}</Cell>
              <Cell label="State">
                <Badge tone={checkTones[state]}>{state}</Badge>
              </Cell>
              <Cell label="Summary">{description ?? <span className="quiet">–</span>}</Cell>
              <Cell label="Details">
                {url === null ? <span className="quiet">–</span> : <ExternalLink href={url}>Open</ExternalLink>}
              </Cell>
            </tr>
          ))}
        </Table>
      )}
      <p className="show-more">
        <button type="button" className="button" onClick={reload}>
          Refresh
        </button>
      </p>
    </>
  );
}
