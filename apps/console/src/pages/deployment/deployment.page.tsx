import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { Deployment } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { useAnnounceChange } from '../../components/announcer.js';
import { BackLink } from '../../components/back-link.js';
import { Badge } from '../../components/badge.js';
import { Commit } from '../../components/commit.js';
import { CopyButton } from '../../components/copy-button.js';
import { ExternalLink } from '../../components/external-link.js';
import { Fact, Facts } from '../../components/facts.js';
import { Loaded } from '../../components/loaded.js';
import { Notice } from '../../components/notice.js';
import { PageHeader } from '../../components/page-header.js';
import { Section } from '../../components/section.js';
import { TimeAgo } from '../../components/time-ago.js';
import { shortHostOf } from '../../format/address.js';
import { counted, sentence } from '../../format/text.js';
import { duration } from '../../format/time.js';
import { deploymentTones } from '../../format/tone.js';
import { triggerWords } from '../../format/trigger.js';
import { BuildLog } from './build-log.js';
import { Checks } from './checks.section.js';
import { ComparisonSection } from './comparison.js';
import { DeploymentActions } from './deployment-actions.js';

export function DeploymentPage() {
  const { id = '' } = useParams();
  const deployment = useQuery(queries.deployment(id));
  useAnnounceChange(deployment.data && `Deployment: ${sentence(deployment.data.state)}`);
  return (
    <Loaded resource={deployment} what="the deployment" isPage>
      {(deployment) => <DeploymentDetails key={deployment.id} deployment={deployment} />}
    </Loaded>
  );
}

function DeploymentDetails({ deployment }: { readonly deployment: Deployment }) {
  const { state, environment, branch, url } = deployment;
  return (
    <>
      <PageHeader
        title={`${sentence(environment)} deployment`}
        above={<BackToDeployments projectId={deployment.projectId} />}
        badge={<Badge tone={deploymentTones[state]}>{state}</Badge>}
        actions={<DeploymentActions deployment={deployment} />}
      >
        <span className="branch">{branch}</span> at <Commit id={deployment.commit} />
        <CopyButton what="commit" value={deployment.commit} />{' '}
        {deployment.current && <span className="tag">Current</span>}
      </PageHeader>
      {deployment.reason !== null && (
        <Notice
          tone={deploymentTones[state] === 'bad' ? 'bad' : 'info'}
          title={state === 'failed' ? 'The deployment failed' : sentence(state)}
        >
          {deployment.reason}
        </Notice>
      )}
      <Section title="Deployment">
        <Facts>
          <Fact name="Address">
            {url === null ? (
              <span className="quiet">{state === 'removed' ? 'Removed' : 'None yet'}</span>
            ) : (
              <>
                <ExternalLink href={url}>{shortHostOf(url)}</ExternalLink> <CopyButton what="address" value={url} />
              </>
            )}
          </Fact>
          <Fact name="Trigger">
            {triggerWords(deployment)}
            {deployment.sourceId !== null && (
              <>
                , from <Link to={`/deployments/${deployment.sourceId}`}>an earlier deployment</Link>
              </>
            )}
          </Fact>
          <Fact name="Pages">{deployment.pages === null ? '–' : counted(deployment.pages, 'page')}</Fact>
          <Fact name="Queued">
            <TimeAgo at={deployment.createdAt} />
          </Fact>
          <Fact name="Started">{deployment.startedAt === null ? '–' : <TimeAgo at={deployment.startedAt} />}</Fact>
          <Fact name="Took">
            {deployment.finishedAt === null
              ? '–'
              : duration(deployment.startedAt ?? deployment.createdAt, deployment.finishedAt)}
          </Fact>
        </Facts>
      </Section>
      <ComparisonSection deployment={deployment} />
      <Checks deployment={deployment} />
      <BuildLog deploymentId={deployment.id} isRunning={state === 'queued' || state === 'in_progress'} />
    </>
  );
}

function BackToDeployments({ projectId }: { readonly projectId: string }) {
  const { data } = useQuery(queries.project(projectId));
  return (
    <BackLink to={`/projects/${projectId}/deployments`}>
      {data ? `Deployments of ${data.name}` : 'Deployments'}
    </BackLink>
  );
}
