import type { Connection, Delivery, Deployment, Project } from '@reunite/contracts';

/** Summary of a project. */
export interface ProjectOverview {
  readonly project: Project;
  /** The deployment that production shows; null if there is none or it is older than the loaded ones. */
  readonly live: Deployment | null;
  /** The newest production deployment, if it failed and production therefore shows an older one. */
  readonly failed: Deployment | null;
  /** Queued and running deployments, newest first. */
  readonly building: readonly Deployment[];
  /** The newest deployment of any environment. */
  readonly latest: Deployment | null;
}

/** Summarizes a project. @param deployments its newest deployments, newest first */
export function overviewOf(project: Project, deployments: readonly Deployment[]): ProjectOverview {
  const production = deployments.filter(({ environment }) => environment === 'production');
  const finished = production.find(({ state }) => ['success', 'failed', 'timed_out'].includes(state));
  return {
    project,
    live: production.find(({ current }) => current) ?? null,
    failed: finished && finished.state !== 'success' ? finished : null,
    building: deployments.filter(({ state }) => state === 'queued' || state === 'in_progress'),
    latest: deployments[0] ?? null,
  };
}

/** Something that keeps content from being published. */
export interface Attention {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** Page with the details and the remedy. */
  readonly to: string;
}

/** Lists what needs attention: providers first, because they affect all of their projects. */
export function attentionOf(
  overviews: readonly ProjectOverview[],
  connections: readonly Connection[],
): readonly Attention[] {
  return [...connections.flatMap(attentionOfConnection), ...overviews.flatMap(attentionOfProject)];
}

function attentionOfConnection({ id, name, status, statusReason, lastRefresh }: Connection): Attention[] {
  const to = `/connections/${id}`;
  if (status === 'broken') {
    return [{ id, title: `${name} is not connected`, text: statusReason ?? 'Open the provider for the reason.', to }];
  }
  if (status === 'connected' && (statusReason ?? lastRefresh.error) !== null) {
    return [{ id, title: `${name} needs attention`, text: statusReason ?? lastRefresh.error ?? '', to }];
  }
  return [];
}

function attentionOfProject({ project, failed }: ProjectOverview): Attention[] {
  const { id, name, repositoryState, sync } = project;
  const to = `/projects/${id}`;
  if (repositoryState.state !== 'available' && repositoryState.state !== 'archived') {
    const text = [repositoryState.cause, repositoryState.remedy].filter((part) => part !== null).join(' ');
    return [{ id, title: `${name} is not synced`, text, to }];
  }
  if (sync.state === 'failed') {
    return [{ id, title: `${name} is not synced`, text: sync.error ?? 'The last sync failed.', to }];
  }
  if (failed === null) return [];
  const text = failed.reason ?? 'The last production deployment failed. Production shows an older one.';
  return [{ id, title: `Production of ${name} failed`, text, to: `/deployments/${failed.id}` }];
}

/** A step from a push to its site. */
export interface TimelineStep {
  readonly title: string;
  /** Null if the step has not happened yet. */
  readonly at: string | null;
  readonly failed?: boolean;
}

/**
 * The steps of a deployment that a push caused. The delivery of the push is the newest one before the deployment.
 *
 * @param pushes deliveries of pushes to the repository, newest first
 */
export function timelineOf(deployment: Deployment, pushes: readonly Delivery[]): readonly TimelineStep[] {
  const { state, createdAt, startedAt, finishedAt } = deployment;
  const push = pushes.find(({ receivedAt }) => Date.parse(receivedAt) <= Date.parse(createdAt));
  const failed = state === 'failed' || state === 'timed_out';
  return [
    ...(push ? [{ title: 'Received', at: push.receivedAt }] : []),
    { title: 'Synced', at: createdAt },
    { title: 'Build started', at: startedAt },
    { title: failed ? 'Failed' : 'Published', at: finishedAt, failed },
  ];
}
