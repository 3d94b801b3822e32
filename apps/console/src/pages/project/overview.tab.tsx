import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useLocation, useSearchParams } from 'react-router';
import type { Deployment, Project } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Commit } from '../../components/commit.js';
import { CopyButton } from '../../components/copy-button.js';
import { ExternalLink } from '../../components/external-link.js';
import { Fact, Facts } from '../../components/facts.js';
import { Loaded } from '../../components/loaded.js';
import { Notice } from '../../components/notice.js';
import { Section } from '../../components/section.js';
import { TimeAgo } from '../../components/time-ago.js';
import { shortHostOf } from '../../format/address.js';
import { BuildingSection } from '../home/building.section.js';
import { overviewOf } from '../home/overview.rules.js';
import { PullRequestsSection } from '../home/pull-requests.section.js';
import { Timeline } from './timeline.js';
import { useProject } from './project.page.js';

/** The project at a glance: production, the last push, what is building, open pull requests. */
export function OverviewTab() {
  const project = useProject();
  const { search } = useLocation();
  const [query] = useSearchParams();
  // Links to content led here before it had a tab of its own.
  if (query.has('branch') || query.has('file') || query.has('folder'))
    return <Navigate to={`content${search}`} replace />;
  return <Overview project={project} />;
}

function Overview({ project }: { readonly project: Project }) {
  const deployments = useQuery(queries.latestDeployments(project.id));
  const pullRequests = useQuery(queries.openPullRequests(project));
  return (
    <Loaded resource={deployments} what="the deployments">
      {({ items }) => {
        const overview = overviewOf(project, items);
        const pushed = items.find(({ trigger }) => trigger === 'push' || trigger === 'pull_request');
        return (
          <>
            {overview.failed && <FailedProduction deployment={overview.failed} />}
            <ProductionSection project={project} live={overview.live} />
            <Timeline project={project} deployment={pushed} />
            <BuildingSection overviews={[overview]} />
            <PullRequestsSection pullRequests={(pullRequests.data?.items ?? []).map((pull) => ({ pull, project }))} />
          </>
        );
      }}
    </Loaded>
  );
}

function FailedProduction({ deployment }: { readonly deployment: Deployment }) {
  const details = (
    <Link className="button" to={`/deployments/${deployment.id}`}>
      Show details
    </Link>
  );
  return (
    <Notice tone="bad" title="The last production deployment failed" action={details}>
      {deployment.reason ?? 'Production shows an older deployment.'}
    </Notice>
  );
}

interface ProductionSectionProps {
  readonly project: Project;
  readonly live: Deployment | null;
}

function ProductionSection({ project: { productionUrl, productionBranch, sync }, live }: ProductionSectionProps) {
  return (
    <Section title="Production">
      <Facts>
        <Fact name="Site">
          {productionUrl === null ? (
            <span className="quiet">Not deployed yet</span>
          ) : (
            <>
              <ExternalLink href={productionUrl}>{shortHostOf(productionUrl)}</ExternalLink>{' '}
              <CopyButton what="address" value={productionUrl} />
            </>
          )}
        </Fact>
        <Fact name="Shows">{live === null ? '–' : <Commit id={live.commit} />}</Fact>
        <Fact name="Published">{live === null ? '–' : <TimeAgo at={live.finishedAt ?? live.createdAt} />}</Fact>
        <Fact name={`Newest commit of ${productionBranch}`}>
          {sync.commit === null ? '–' : <Commit id={sync.commit} />}
          {live !== null && sync.commit !== null && live.commit !== sync.commit && (
            <span className="quiet"> not in production</span>
          )}
        </Fact>
      </Facts>
    </Section>
  );
}
