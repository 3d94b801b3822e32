import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { PullRequest } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Badge } from '../../components/badge.js';
import { EmptyState } from '../../components/empty-state.js';
import { ExternalLink } from '../../components/external-link.js';
import { Loaded } from '../../components/loaded.js';
import { ShowMore } from '../../components/show-more.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';
import { pullRequestCheckTones, pullRequestTones } from '../../format/tone.js';
import { may, useSession } from '../../shell/session-context.js';
import { useProject } from './project.page.js';
import { PullRequestFilters } from './pull-request-filters.js';
import type { PullRequestFilter } from './pull-request-filters.js';

export function PullRequestsTab() {
  const project = useProject();
  const session = useSession();
  const [search, setSearch] = useSearchParams();
  const filter: PullRequestFilter = {
    state: search.get('state') ?? 'open',
    draft: search.get('draft') ?? '',
    checks: search.get('checks') ?? '',
    creator: search.get('creator') ?? '',
    search: search.get('search') ?? '',
  };
  const change = (choice: Partial<PullRequestFilter>) => {
    const chosen = Object.entries({ ...filter, ...choice }).filter(([, value]) => value !== '');
    setSearch(Object.fromEntries(chosen), { replace: true });
  };
  const asked = { ...filter, state: filter.state === 'any' ? '' : filter.state };
  const pullRequests = useInfiniteQuery(queries.pullRequests(project, asked));
  const isFiltered = [filter.draft, filter.checks, filter.creator, filter.search].some((value) => value !== '');
  return (
    <>
      <div className="list-head">
        <PullRequestFilters filter={filter} onChange={change} />
        {may(session, 'write') && (
          <Link className="button button-primary" to={`/projects/${project.id}/pull-requests/new`}>
            New pull request
          </Link>
        )}
      </div>
      <Loaded resource={pullRequests} what="the pull requests">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={emptyTitle(filter.state, isFiltered)}>
              {filter.state === 'open' && !isFiltered
                ? `Open one against ${project.productionBranch}, and its preview appears here.`
                : 'Change the filters above.'}
            </EmptyState>
          ) : (
            <PullRequestTable projectId={project.id} pullRequests={items} />
          )
        }
      </Loaded>
      <ShowMore list={pullRequests} />
    </>
  );
}

function emptyTitle(state: string, isFiltered: boolean): string {
  const which = state === 'any' ? '' : `${state} `;
  return isFiltered ? `No ${which}pull request like that` : `No ${which}pull request`;
}

interface PullRequestTableProps {
  readonly projectId: string;
  readonly pullRequests: readonly PullRequest[];
}

const columns = ['Pull request', 'State', 'Author', 'Branches', 'Checks', 'Preview', 'Updated'];

function PullRequestTable({ projectId, pullRequests }: PullRequestTableProps) {
  return (
    <Table caption="Pull requests" columns={columns}>
      {pullRequests.map((pull) => (
        <tr key={pull.id}>
          <Cell label="Pull request">
            <Link className="row-link" to={`/projects/${projectId}/pull-requests/${pull.number}`}>
              <span className="quiet">#{pull.number}</span> {pull.title}
            </Link>
          </Cell>
          <Cell label="State">
            <Badge tone={pullRequestTones[pull.state]}>
              {pull.state === 'open' && pull.draft ? 'draft' : pull.state}
            </Badge>
          </Cell>
          <Cell label="Author">{pull.author}</Cell>
          <Cell label="Branches">
            <span className="branch">{pull.headBranch}</span> {pull.fork && <span className="tag">Fork</span>} →{' '}
            <span className="branch">{pull.baseBranch}</span>
          </Cell>
          <Cell label="Checks">
            {pull.checks === 'none' ? (
              <span className="quiet">–</span>
            ) : (
              <Badge tone={pullRequestCheckTones[pull.checks]}>{pull.checks}</Badge>
            )}
          </Cell>
          <Cell label="Preview">
            {pull.previewUrl === null ? (
              <span className="quiet">–</span>
            ) : (
              <ExternalLink href={pull.previewUrl}>Open preview</ExternalLink>
            )}
          </Cell>
          <Cell label="Updated">
            <TimeAgo at={pull.updatedAt} />
          </Cell>
        </tr>
      ))}
    </Table>
  );
}
