import { Link } from 'react-router';
import { Badge } from '../../components/badge.js';
import { Commit } from '../../components/commit.js';
import { Section } from '../../components/section.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';
import { sentence } from '../../format/text.js';
import { deploymentTones } from '../../format/tone.js';
import type { ProjectOverview } from './overview.rules.js';

/** Queued and running deployments of all projects. */
export function BuildingSection({ overviews }: { readonly overviews: readonly ProjectOverview[] }) {
  const rows = overviews.flatMap(({ project, building }) => building.map((deployment) => ({ project, deployment })));
  return (
    <Section title="Building now">
      {rows.length === 0 ? (
        <p className="quiet">Nothing is building.</p>
      ) : (
        <Table caption="Building now" columns={['Project', 'State', 'Environment', 'Branch', 'Queued']}>
          {rows.map(({ project, deployment }) => (
            <tr key={deployment.id}>
              <Cell label="Project">
                <Link className="row-link" to={`/deployments/${deployment.id}`}>
                  {project.name}
                </Link>
              </Cell>
              <Cell label="State">
                <Badge tone={deploymentTones[deployment.state]}>{deployment.state}</Badge>
              </Cell>
              <Cell label="Environment">{sentence(deployment.environment)}</Cell>
              <Cell label="Branch">
                <span className="branch">{deployment.branch}</span> <Commit id={deployment.commit} />
              </Cell>
              <Cell label="Queued">
                <TimeAgo at={deployment.createdAt} />
              </Cell>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
