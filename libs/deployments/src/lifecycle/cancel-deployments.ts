import { In, IsNull, Not } from 'typeorm';
import type { EntityManager, FindOptionsWhere } from 'typeorm';
import { failPendingChecks } from '../checks/deployment-checks.js';
import type { ProjectEntity } from '../project/project.entity.js';
import { publishDeployment } from './deployment-events.js';
import { OPEN_STATES } from './deployment-states.rules.js';
import { DeploymentEntity } from './deployment.entity.js';

/**
 * Cancels queued and running deployments of a project, with their checks. The caller has locked the project and reports
 * the statuses.
 *
 * @returns the cancelled deployments
 */
export function cancelOpenDeployments(
  db: EntityManager,
  project: ProjectEntity,
  which: FindOptionsWhere<DeploymentEntity>,
  reason: string,
): Promise<DeploymentEntity[]> {
  return stop(db, project, { ...which, state: In(OPEN_STATES) }, { state: 'skipped', reason });
}

/**
 * Drops the pending checks of finished deployments that are superseded: their result is of no use, and others wait for
 * it. The caller has locked the project and reports the statuses.
 *
 * @returns the deployments whose checks were dropped
 */
export async function dropPendingChecks(
  db: EntityManager,
  project: ProjectEntity,
  which: FindOptionsWhere<DeploymentEntity>,
  reason: string,
): Promise<DeploymentEntity[]> {
  const deployments = await db
    .createQueryBuilder(DeploymentEntity, 'deployment')
    .where({ ...which, projectId: project.id, state: Not(In(OPEN_STATES)) })
    .andWhere(`EXISTS (SELECT 1 FROM deployment_check WHERE deployment_id = deployment.id AND state = 'pending')`)
    .getMany();
  if (deployments.length === 0) return [];
  await failPendingChecks(
    db,
    deployments.map(({ id }) => id),
    reason,
  );
  for (const { id } of deployments) await publishDeployment(db, project, id);
  return deployments;
}

/**
 * Removes all previews of a ref, and cancels the ones that are not finished. They no longer count when the ref is
 * deployed again. The caller has locked the project and reports the statuses.
 *
 * @returns the removed deployments
 */
export async function removePreviews(
  db: EntityManager,
  project: ProjectEntity,
  refName: string,
  reason: string,
): Promise<DeploymentEntity[]> {
  const previews = { environment: 'preview', refName } as const;
  const shown = { ...previews, state: Not(In(['skipped', 'removed'])) };
  const removed = await stop(db, project, shown, { state: 'removed', reason });
  await db.update(DeploymentEntity, { ...previews, projectId: project.id, closed: false }, { closed: true });
  return removed;
}

async function stop(
  db: EntityManager,
  project: ProjectEntity,
  which: FindOptionsWhere<DeploymentEntity>,
  change: { readonly state: 'skipped' | 'removed'; readonly reason: string },
): Promise<DeploymentEntity[]> {
  const deployments = await db.find(DeploymentEntity, {
    where: { ...which, projectId: project.id },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  if (deployments.length === 0) return [];
  const ids = deployments.map(({ id }) => id);
  await db.update(DeploymentEntity, { id: In(ids) }, { ...change, current: false });
  await db.update(DeploymentEntity, { id: In(ids), finishedAt: IsNull() }, { finishedAt: new Date() });
  await failPendingChecks(db, ids, change.reason);
  for (const id of ids) await publishDeployment(db, project, id);
  return deployments;
}
