import type { DeploymentState } from '@reunite/contracts';
import type { DeploymentEntity } from './deployment.entity.js';

/** States of a deployment that is queued or building. */
export const OPEN_STATES = ['queued', 'in_progress'] as const satisfies readonly DeploymentState[];

const LIVE_STATES: readonly DeploymentState[] = [...OPEN_STATES, 'success'];

/** True while a deployment is queued or building. */
export function isOpen({ state }: Pick<DeploymentEntity, 'state'>): boolean {
  return OPEN_STATES.some((open) => open === state);
}

/** True for a deployment that is queued, building or successful. */
export function isLive({ state }: Pick<DeploymentEntity, 'state'>): boolean {
  return LIVE_STATES.includes(state);
}

/** The commit of a deployment and the later commits of its ref that changed nothing. */
export function commitsOf({ commit, laterCommits }: Pick<DeploymentEntity, 'commit' | 'laterCommits'>): string[] {
  return [commit, ...laterCommits];
}

/** All commits whose statuses depend on a deployment. */
export function coveredCommits(
  deployment: Pick<DeploymentEntity, 'commit' | 'laterCommits' | 'previewedCommits'>,
): string[] {
  return [...commitsOf(deployment), ...deployment.previewedCommits];
}
