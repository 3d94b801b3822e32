import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { Deployment } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { useAnnounceChange } from '../../components/announcer.js';
import { Badge } from '../../components/badge.js';
import { Commit } from '../../components/commit.js';
import { EmptyState } from '../../components/empty-state.js';
import { ExternalLink } from '../../components/external-link.js';
import { Loaded } from '../../components/loaded.js';
import { ShowMore } from '../../components/show-more.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';
import { sentence, shortCommit } from '../../format/text.js';
import { deploymentTones } from '../../format/tone.js';
import { triggerWords } from '../../format/trigger.js';
import { DeploymentFilters } from './deployment-filters.js';
import { useProject } from './project.page.js';

export function DeploymentsTab() {
  const project = useProject();
  const [search, setSearch] = useSearchParams();
  const filter = {
    environment: search.get('environment') ?? '',
    state: search.get('state') ?? '',
    branch: search.get('branch') ?? '',
  };
  const isFiltered = Object.values(filter).some((choice) => choice !== '');
  const deployments = useInfiniteQuery(queries.deployments(project.id, filter));
  const branches = useQuery(queries.projectBranches(project));
  const newest = deployments.data?.items[0];
  useAnnounceChange(newest && `Newest deployment: ${newest.branch}, ${sentence(newest.state)}`);
  return (
    <>
      <DeploymentFilters
        filter={filter}
        branches={branches.data?.items ?? []}
        onChange={(change) => {
          const chosen = Object.entries({ ...filter, ...change }).filter(([, value]) => value !== '');
          setSearch(Object.fromEntries(chosen), { replace: true });
        }}
      />
      <Loaded resource={deployments} what="the deployments">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title={isFiltered ? 'No such deployment' : 'No deployment yet'}>
              {isFiltered
                ? 'Change the filters above.'
                : `Push a commit to ${project.productionBranch}, or open a pull request to create a deployment.`}
            </EmptyState>
          ) : (
            <DeploymentTable deployments={items} />
          )
        }
      </Loaded>
      <ShowMore list={deployments} />
    </>
  );
}

function DeploymentTable({ deployments }: { readonly deployments: readonly Deployment[] }) {
  return (
    <Table
      caption="Deployments"
      columns={['State', 'Environment', 'Branch', 'Commit', 'Trigger', 'Address', 'Started']}
    >
      {deployments.map((deployment) => (
        <tr key={deployment.id}>
          <Cell label="State">
            <Link
              className="row-link"
              to={`/deployments/${deployment.id}`}
              aria-label={`${sentence(deployment.state)}: deployment of ${deployment.branch} at ${shortCommit(deployment.commit)}`}
            >
              <Badge tone={deploymentTones[deployment.state]}>{deployment.state}</Badge>
            </Link>
          </Cell>
          <Cell label="Environment">
            {sentence(deployment.environment)} {deployment.current && <span className="tag">Current</span>}
          </Cell>
          <Cell label="Branch">
            <span className="branch">{deployment.branch}</span>
          </Cell>
          <Cell label="Commit">
            <Commit id={deployment.commit} />
          </Cell>
          <Cell label="Trigger">{triggerWords(deployment)}</Cell>
          <Cell label="Address">
            <DeploymentAddress deployment={deployment} />
          </Cell>
          <Cell label="Started">
            <TimeAgo at={deployment.createdAt} />
          </Cell>
        </tr>
      ))}
    </Table>
  );
}

function DeploymentAddress({ deployment: { url, environment, reason } }: { readonly deployment: Deployment }) {
  if (url !== null) {
    return <ExternalLink href={url}>{environment === 'production' ? 'Open site' : 'Open preview'}</ExternalLink>;
  }
  return <span className="quiet reason">{reason ?? '–'}</span>;
}
