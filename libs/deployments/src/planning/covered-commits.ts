import type { EntityManager } from 'typeorm';
import { DeploymentCheckEntity } from '../checks/deployment-check.entity.js';
import type { DeploymentEntity } from '../lifecycle/deployment.entity.js';

/** Covered commits that a finished deployment remembers: their statuses are final. */
const KEPT_COMMITS = 100;

/**
 * Adds a commit to the ones that a deployment covers without a build of their own, because they have the same content.
 *
 * @param covered `laterCommits` or `previewedCommits` of the deployment
 */
export async function addCoveredCommit(
  db: EntityManager,
  deployment: DeploymentEntity,
  covered: readonly string[],
  commit: string,
): Promise<string[]> {
  if (covered.includes(commit)) return [...covered];
  const commits = [...covered, commit];
  if (commits.length <= KEPT_COMMITS || !(await isFinal(db, deployment))) return commits;
  return commits.slice(-KEPT_COMMITS);
}

/** True if neither the build nor a check of a deployment can change the statuses of its commits. */
async function isFinal(db: EntityManager, { id, state }: DeploymentEntity): Promise<boolean> {
  return state === 'success' && !(await db.existsBy(DeploymentCheckEntity, { deploymentId: id, state: 'pending' }));
}
