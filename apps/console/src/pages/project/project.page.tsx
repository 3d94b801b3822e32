import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useOutletContext, useParams } from 'react-router';
import type { Project } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { useAnnounceChange } from '../../components/announcer.js';
import { BackLink } from '../../components/back-link.js';
import { Badge } from '../../components/badge.js';
import { ExternalLink } from '../../components/external-link.js';
import { Loaded } from '../../components/loaded.js';
import { Notice } from '../../components/notice.js';
import { PageHeader } from '../../components/page-header.js';
import { Tabs } from '../../components/tabs.js';
import { shortCommit } from '../../format/text.js';
import { syncTones } from '../../format/tone.js';
import { overviewOf } from '../home/overview.rules.js';
import { SyncProblem } from './sync-problem.js';
import { SyncState } from './sync-state.js';

/** The project of the current tab. */
export function useProject(): Project {
  return useOutletContext<Project>();
}

function syncWords({ sync, productionBranch }: Project): string {
  const at = sync.commit === null ? '' : ` at ${shortCommit(sync.commit)}`;
  return `Content of ${productionBranch}: ${sync.state}${at}`;
}

export function ProjectPage() {
  const { id = '' } = useParams();
  const project = useQuery(queries.project(id));
  useAnnounceChange(project.data && syncWords(project.data));
  return (
    <Loaded resource={project} what="the project" isPage>
      {(project) => <ProjectFrame key={project.id} project={project} />}
    </Loaded>
  );
}

/** The state of the content, and a failed production deployment: the content can be synced and still not be published. */
function ProjectState({ project }: { readonly project: Project }) {
  const { data } = useQuery(queries.latestDeployments(project.id));
  const failed = overviewOf(project, data?.items ?? []).failed;
  return (
    <>
      <Badge tone={syncTones[project.sync.state]}>{project.sync.state}</Badge>
      {failed && (
        <Link to={`/deployments/${failed.id}`}>
          <Badge tone="bad">Production failed</Badge>
        </Link>
      )}
    </>
  );
}

function ProjectFrame({ project }: { readonly project: Project }) {
  const here = `/projects/${project.id}`;
  return (
    <>
      <PageHeader
        title={project.name}
        above={<BackLink to="/projects">Projects</BackLink>}
        badge={<ProjectState project={project} />}
        actions={
          project.productionUrl === null ? undefined : (
            <ExternalLink className="button" href={project.productionUrl}>
              Open site
            </ExternalLink>
          )
        }
      >
        {project.repository}
        {project.formerRepository !== null && (
          <span className="quiet"> (formerly {project.formerRepository})</span>
        )} · <span className="branch">{project.productionBranch}</span>
        {project.rootFolder !== '' && (
          <>
            {' '}
            · folder <code>{project.rootFolder}</code>
          </>
        )}
        <SyncState sync={project.sync} />
      </PageHeader>
      {project.sync.error !== null && <SyncProblem project={project} />}
      {project.repositoryState.state === 'archived' && (
        <Notice tone="warn" title="The repository is archived">
          {project.repositoryState.cause} {project.repositoryState.remedy}
        </Notice>
      )}
      <Tabs
        label="Project"
        title={project.name}
        tabs={[
          { title: 'Overview', to: here },
          { title: 'Content', to: `${here}/content` },
          { title: 'Branches', to: `${here}/branches` },
          { title: 'Deployments', to: `${here}/deployments` },
          { title: 'Pull requests', to: `${here}/pull-requests` },
          { title: 'Settings', to: `${here}/settings` },
        ]}
      >
        <Outlet context={project} />
      </Tabs>
    </>
  );
}
