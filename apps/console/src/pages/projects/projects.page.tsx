import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Project } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { Badge } from '../../components/badge.js';
import { Commit } from '../../components/commit.js';
import { EmptyState } from '../../components/empty-state.js';
import { ExternalLink } from '../../components/external-link.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { ShowMore } from '../../components/show-more.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';
import { syncTones } from '../../format/tone.js';

export function ProjectsPage() {
  const projects = useInfiniteQuery(queries.projects());
  const isEmpty = projects.data?.items.length === 0;
  const connect = (
    <Link className="button button-primary" to="/projects/new">
      Connect repository
    </Link>
  );
  return (
    <>
      <PageHeader title="Projects" actions={isEmpty ? undefined : connect}>
        A project publishes a branch of a repository and previews its pull requests.
      </PageHeader>
      <Loaded resource={projects} what="the projects">
        {({ items }) =>
          isEmpty ? (
            <EmptyState title="No projects yet" action={connect}>
              Choose a repository of a connected Git provider. Its content is synced now and after every push.
            </EmptyState>
          ) : (
            <ProjectTable projects={items} />
          )
        }
      </Loaded>
      <ShowMore list={projects} />
    </>
  );
}

function ProjectTable({ projects }: { readonly projects: readonly Project[] }) {
  return (
    <Table caption="Projects" columns={['Project', 'Repository', 'Branch', 'Content', 'Synced', 'Site']}>
      {projects.map((project) => (
        <tr key={project.id}>
          <Cell label="Project">
            <Link className="row-link" to={`/projects/${project.id}`}>
              {project.name}
            </Link>
          </Cell>
          <Cell label="Repository">{project.repository}</Cell>
          <Cell label="Branch">
            <span className="branch">{project.productionBranch}</span>
          </Cell>
          <Cell label="Content">
            <Badge tone={syncTones[project.sync.state]}>{project.sync.state}</Badge>{' '}
            {project.sync.commit !== null && <Commit id={project.sync.commit} />}
          </Cell>
          <Cell label="Synced">{project.sync.syncedAt === null ? '–' : <TimeAgo at={project.sync.syncedAt} />}</Cell>
          <Cell label="Site">
            {project.productionUrl === null ? (
              <span className="quiet">Not deployed</span>
            ) : (
              <ExternalLink href={project.productionUrl}>Open site</ExternalLink>
            )}
          </Cell>
        </tr>
      ))}
    </Table>
  );
}
