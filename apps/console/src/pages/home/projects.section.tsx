import { Link } from 'react-router';
import type { Deployment } from '@reunite/contracts';
import { Badge } from '../../components/badge.js';
import { Commit } from '../../components/commit.js';
import { ExternalLink } from '../../components/external-link.js';
import { Section } from '../../components/section.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';
import { deploymentTones } from '../../format/tone.js';
import type { ProjectOverview } from './overview.rules.js';

interface ProjectsSectionProps {
  readonly overviews: readonly ProjectOverview[];
  readonly hasMore: boolean;
}

/** The projects with what production shows and the newest deployment. */
export function ProjectsSection({ overviews, hasMore }: ProjectsSectionProps) {
  const all = hasMore && (
    <Link className="button" to="/projects">
      All projects
    </Link>
  );
  return (
    <Section title="Projects" actions={all}>
      <Table caption="Projects" columns={['Project', 'Production', 'Newest deployment', 'Site']}>
        {overviews.map(({ project, live, latest }) => (
          <tr key={project.id}>
            <Cell label="Project">
              <Link className="row-link" to={`/projects/${project.id}`}>
                {project.name}
              </Link>
            </Cell>
            <Cell label="Production">
              {live === null ? <span className="quiet">–</span> : <Live deployment={live} />}
            </Cell>
            <Cell label="Newest deployment">
              {latest === null ? <span className="quiet">None yet</span> : <Latest deployment={latest} />}
            </Cell>
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
    </Section>
  );
}

function Live({ deployment }: { readonly deployment: Deployment }) {
  return (
    <>
      <Commit id={deployment.commit} />, <TimeAgo at={deployment.finishedAt ?? deployment.createdAt} />
    </>
  );
}

function Latest({ deployment: { id, state, branch, createdAt } }: { readonly deployment: Deployment }) {
  return (
    <>
      <Link className="row-link" to={`/deployments/${id}`}>
        <Badge tone={deploymentTones[state]}>{state}</Badge>
      </Link>{' '}
      <span className="branch">{branch}</span> <TimeAgo at={createdAt} />
    </>
  );
}
