import { Link } from 'react-router';
import type { PullRequestDetail } from '@reunite/contracts';
import { Badge } from '../../components/badge.js';
import { Commit } from '../../components/commit.js';
import { ExternalLink } from '../../components/external-link.js';
import { Fact, Facts } from '../../components/facts.js';
import { Section } from '../../components/section.js';
import { Cell, Table } from '../../components/table.js';
import { TimeAgo } from '../../components/time-ago.js';
import { counted } from '../../format/text.js';
import { deploymentTones, reviewTones } from '../../format/tone.js';
import { usePullRequest } from './open-pull-request.js';
import type { OpenPullRequest } from './open-pull-request.js';
import { Reviewers } from './reviewers.js';

export function OverviewTab() {
  const open = usePullRequest();
  const { detail } = open;
  return (
    <>
      <Section title="Description">
        {detail.body.trim() === '' ? (
          <p className="quiet">No description.</p>
        ) : (
          // Untrusted text from the server, rendered as text.
          <div className="written">{detail.body}</div>
        )}
      </Section>
      <Summary detail={detail} />
      <Reviews open={open} />
      <Section title="Commits">
        <Table caption="Commits" columns={['Commit', 'Message', 'Author', 'Created']}>
          {detail.commits.map(({ commit, message, author, authoredAt }) => (
            <tr key={commit}>
              <Cell label="Commit">
                <Commit id={commit} />
              </Cell>
              <Cell label="Message">{message.split('\n', 1)[0]}</Cell>
              <Cell label="Author">{author}</Cell>
              <Cell label="Created">{authoredAt === null ? '–' : <TimeAgo at={authoredAt} />}</Cell>
            </tr>
          ))}
        </Table>
      </Section>
    </>
  );
}

function Summary({ detail }: { readonly detail: PullRequestDetail }) {
  const { pullRequest: pull, deployment } = detail;
  return (
    <Section title="Summary">
      <Facts>
        <Fact name="Changes">
          {counted(detail.changedFiles, 'file')}: {counted(detail.additions, 'line')} added,{' '}
          {counted(detail.deletions, 'line')} removed
        </Fact>
        <Fact name="Head">
          <Commit id={pull.headCommit} />
        </Fact>
        <Fact name="Preview">
          {pull.previewUrl === null ? (
            <span className="quiet">None</span>
          ) : (
            <ExternalLink href={pull.previewUrl}>{pull.previewUrl}</ExternalLink>
          )}
        </Fact>
        <Fact name="Deployment">
          {deployment === null ? (
            <span className="quiet">None</span>
          ) : (
            <Link to={`/deployments/${deployment.id}`}>
              <Badge tone={deploymentTones[deployment.state]}>{deployment.state}</Badge>
            </Link>
          )}
        </Fact>
        <Fact name="Opened">
          <TimeAgo at={detail.createdAt} />
        </Fact>
        <Fact name="Updated">
          <TimeAgo at={pull.updatedAt} />
        </Fact>
      </Facts>
    </Section>
  );
}

function Reviews({ open }: { readonly open: OpenPullRequest }) {
  const { reviews } = open.detail;
  return (
    <Section title="Reviews">
      <Reviewers open={open} />
      {reviews.length === 0 ? (
        <p className="quiet">No reviews.</p>
      ) : (
        <ul className="reviews">
          {reviews.map(({ author, state, body, submittedAt }, index) => (
            <li key={index}>
              <strong>{author}</strong> <Badge tone={reviewTones[state]}>{state}</Badge>{' '}
              {submittedAt !== null && <TimeAgo at={submittedAt} />}
              {body.trim() !== '' && <div className="written">{body}</div>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
