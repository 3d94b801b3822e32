import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Connection, Project, PullRequest } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { EmptyState } from '../../components/empty-state.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { AttentionSection } from './attention.section.js';
import { BuildingSection } from './building.section.js';
import { attentionOf, overviewOf } from './overview.rules.js';
import type { ProjectOverview } from './overview.rules.js';
import { ProjectsSection } from './projects.section.js';
import { ProvidersSection } from './providers.section.js';
import { PullRequestsSection } from './pull-requests.section.js';
import type { ListedPullRequest } from './pull-requests.section.js';

/** Projects that the page shows; the page of projects has all. */
const SHOWN = 12;

/** One look at everything: what is live, what failed, what is building, what waits for a review. */
export function HomePage() {
  const projects = useInfiniteQuery(queries.projects());
  const connections = useQuery(queries.allConnections());
  return (
    <>
      <PageHeader title="Home" />
      <Loaded resource={connections} what="the providers">
        {(providers) => (
          <Loaded resource={projects} what="the projects">
            {({ items, endCursor }) =>
              items.length === 0 ? (
                <FirstSteps connections={providers.items} />
              ) : (
                <Overview
                  projects={items.slice(0, SHOWN)}
                  hasMore={items.length > SHOWN || endCursor !== null}
                  connections={providers.items}
                />
              )
            }
          </Loaded>
        )}
      </Loaded>
    </>
  );
}

function FirstSteps({ connections }: { readonly connections: readonly Connection[] }) {
  const isConnected = connections.some(({ app }) => app !== null);
  const [to, action] = isConnected ? ['/projects/new', 'Connect repository'] : ['/connections', 'Add provider'];
  return (
    <EmptyState
      title={isConnected ? 'Connect your first repository' : 'Connect your GitHub Enterprise Server'}
      action={
        <Link className="button button-primary" to={to}>
          {action}
        </Link>
      }
    >
      {isConnected
        ? 'Its content is synced now and after every push, and published as a site.'
        : 'Add your server as a provider. Then connect repositories, whose content is published as sites.'}
    </EmptyState>
  );
}

interface OverviewProps {
  readonly projects: readonly Project[];
  readonly hasMore: boolean;
  readonly connections: readonly Connection[];
}

function Overview({ projects, hasMore, connections }: OverviewProps) {
  const overviews = useQueries({
    queries: projects.map(({ id }) => queries.latestDeployments(id)),
    combine: (results): ProjectOverview[] =>
      projects.map((project, index) => overviewOf(project, results[index]?.data?.items ?? [])),
  });
  const pullRequests = useQueries({
    queries: projects.map((project) => queries.openPullRequests(project)),
    combine: (results): ListedPullRequest[] =>
      results.flatMap(({ data }, index) => listed(projects[index], data?.items ?? [])),
  });
  return (
    <>
      <AttentionSection attention={attentionOf(overviews, connections)} />
      <ProjectsSection overviews={overviews} hasMore={hasMore} />
      <BuildingSection overviews={overviews} />
      <PullRequestsSection pullRequests={pullRequests} />
      <ProvidersSection connections={connections} />
    </>
  );
}

function listed(project: Project | undefined, pullRequests: readonly PullRequest[]): ListedPullRequest[] {
  return project ? pullRequests.map((pull) => ({ pull, project })) : [];
}
