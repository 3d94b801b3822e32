import { useSearchParams } from 'react-router';
import type { PullRequest } from '@reunite/contracts';
import { paths } from '../../api/paths.js';
import { useList } from '../../api/use-list.js';
import { Badge } from '../../components/badge.js';
import { EmptyState } from '../../components/empty-state.js';
import { ExternalLink } from '../../components/external-link.js';
import { Field } from '../../components/field.js';
import { Loaded } from '../../components/loaded.js';
import { ShowMore } from '../../components/show-more.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';
import { sentence } from '../../format/text.js';
import { pullRequestTones } from '../../format/tone.js';
import { useProject } from './project.page.js';

const states = ['open', 'merged', 'closed'] as const;

export function PullRequestsTab() {
  const project = useProject();
  const [search, setSearch] = useSearchParams();
  const state = states.find((one) => one === search.get('state')) ?? 'open';
  const pullRequests = useList(paths.pullRequests(project.id, state), {
    types: ['pull-request', 'deployment'],
    projectId: project.id,
    repositoryId: project.repositoryId,
  });
  return (
    <>
      <div className="toolbar">
        <Field label="State">
          {(control) => (
            <select {...control} value={state} onChange={(event) => setSearch({ state: event.target.value })}>
              {states.map((one) => (
                <option key={one} value={one}>
                  {sentence(one)}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <Loaded resource={pullRequests} what="the pull requests">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={`No ${state} pull request`}>
              {state === 'open'
                ? `Open one against ${project.productionBranch} on the server, and its preview appears here.`
                : 'Choose another state above.'}
            </EmptyState>
          ) : (
            <PullRequestTable pullRequests={items} />
          )
        }
      </Loaded>
      <ShowMore list={pullRequests} />
    </>
  );
}

function PullRequestTable({ pullRequests }: { readonly pullRequests: readonly PullRequest[] }) {
  return (
    <Table caption="Pull requests" columns={['Pull request', 'State', 'Author', 'Branches', 'Preview', 'Updated']}>
      {pullRequests.map((pull) => (
        <tr key={pull.id}>
          <Cell label="Pull request">
            <ExternalLink className="row-link external" href={pull.htmlUrl}>
              <span className="quiet">#{pull.number}</span> {pull.title}
            </ExternalLink>
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
