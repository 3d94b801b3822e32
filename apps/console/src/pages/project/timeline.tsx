import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Deployment, Project } from '@reunite/contracts';
import { queries } from '../../api/queries.js';
import { classNames } from '../../components/class-names.js';
import { Commit } from '../../components/commit.js';
import { Section } from '../../components/section.js';
import { TimeAgo } from '../../components/time-ago.js';
import { duration } from '../../format/time.js';
import { timelineOf } from '../home/overview.rules.js';
import styles from './timeline.module.css';

interface TimelineProps {
  readonly project: Project;
  /** The newest deployment that a push caused. */
  readonly deployment: Deployment | undefined;
}

/** The steps from the last push to its site. */
export function Timeline({ project, deployment }: TimelineProps) {
  const pushes = useQuery(queries.latestPushes(project.connectionId, project.repository));
  if (!deployment) {
    return (
      <Section title="Last push">
        <p className="quiet">No push has been deployed yet.</p>
      </Section>
    );
  }
  const steps = timelineOf(deployment, pushes.data?.items ?? []);
  const begin = steps[0]?.at ?? deployment.createdAt;
  return (
    <Section title="Last push" actions={<Link to={`/deployments/${deployment.id}`}>Deployment</Link>}>
      <p>
        <Commit id={deployment.commit} /> on <span className="branch">{deployment.branch}</span>, <TimeAgo at={begin} />
      </p>
      <ol className={styles.steps} aria-label="Timeline of the last push">
        {steps.map(({ title, at, failed = false }, index) => (
          <li key={title} className={classNames(styles.step, at !== null && styles.done, failed && styles.failed)}>
            <strong>{title}</strong>
            <span>{at === null ? 'Waiting' : index === 0 ? <TimeAgo at={at} /> : `after ${duration(begin, at)}`}</span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
