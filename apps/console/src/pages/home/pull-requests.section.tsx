import { Link } from 'react-router';
import type { Project, PullRequest } from '@reunite/contracts';
import { Badge } from '../../components/badge.js';
import { ExternalLink } from '../../components/external-link.js';
import { Section } from '../../components/section.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';
import { pullRequestCheckTones } from '../../format/tone.js';

export interface ListedPullRequest {
  readonly pull: PullRequest;
  readonly project: Project;
}

/** Open pull requests with their previews, those with the latest change first. */
export function PullRequestsSection({ pullRequests }: { readonly pullRequests: readonly ListedPullRequest[] }) {
  const sorted = pullRequests.toSorted((a, b) => Date.parse(b.pull.updatedAt) - Date.parse(a.pull.updatedAt));
  return (
    <Section title="Open pull requests">
      {sorted.length === 0 ? (
        <p className="quiet">No pull request is open.</p>
      ) : (
        <Table caption="Open pull requests" columns={['Pull request', 'Project', 'Checks', 'Preview', 'Updated']}>
          {sorted.map(({ pull, project }) => (
            <tr key={`${project.id} ${pull.id}`}>
              <Cell label="Pull request">
                <Link className="row-link" to={`/projects/${project.id}/pull-requests/${pull.number}`}>
                  {pull.title}
                </Link>{' '}
                <span className="quiet">
                  #{pull.number} by {pull.author}
                </span>{' '}
                {pull.draft && <span className="tag">Draft</span>}
              </Cell>
              <Cell label="Project">{project.name}</Cell>
              <Cell label="Checks">
                {pull.checks === 'none' ? '–' : <Badge tone={pullRequestCheckTones[pull.checks]}>{pull.checks}</Badge>}
              </Cell>
              <Cell label="Preview">
                {pull.previewUrl === null ? '–' : <ExternalLink href={pull.previewUrl}>Open preview</ExternalLink>}
              </Cell>
              <Cell label="Updated">
                <TimeAgo at={pull.updatedAt} />
              </Cell>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
