import { publishLiveEvent } from '@reunite/database';
import { branchRef } from '@reunite/repositories';
import type { EntityManager } from 'typeorm';
import { endPendingStatuses } from '../statuses/commit-statuses.js';
import type { CommitStatusKey } from '../statuses/commit-statuses.js';
import { DeploymentEntity } from '../lifecycle/deployment.entity.js';
import { ProjectEntity } from './project.entity.js';

export type ProjectSettings = Pick<
  ProjectEntity,
  'name' | 'productionBranch' | 'rootFolder' | 'branchPreviews' | 'pullRequestPreviews' | 'forkPreviews'
>;

/**
 * Changes a project's settings. What they ask for is planned by the job `planProject`, which the caller enqueues once its
 * transaction is committed, with the statuses that are gathered here.
 */
export async function changeProject(
  db: EntityManager,
  id: string,
  change: Partial<ProjectSettings>,
  statuses: CommitStatusKey[],
): Promise<void> {
  const before = await db.findOneOrFail(ProjectEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  const { name = before.name, rootFolder = before.rootFolder, productionBranch = before.productionBranch } = change;
  await db.update(ProjectEntity, id, change);
  await db.query('UPDATE project SET settings_generation = settings_generation + 1, updated_at = now() WHERE id = $1', [
    id,
  ]);
  if (rootFolder !== before.rootFolder) {
    // Everything was built from another folder.
    await db.update(DeploymentEntity, { projectId: id }, { closed: true });
  } else if (productionBranch !== before.productionBranch) {
    // It may have been the production branch before, and what it deployed then is not what is shown.
    const refName = branchRef(productionBranch);
    await db.update(DeploymentEntity, { projectId: id, environment: 'production', refName }, { closed: true });
  }
  // Only by case it stays the same context to the server, and what is pending there is said on under the new name.
  if (name.toLowerCase() !== before.name.toLowerCase()) {
    statuses.push(...(await endPendingStatuses(db, before, `The project is called "${name}" now`)));
  }
  await publishLiveEvent(db, before.organizationId, { type: 'project', id, projectId: id });
}

/** The number of a project's settings as they are now; null where it is gone. */
export async function settingsToPlan(
  db: EntityManager,
  projectId: string,
): Promise<{ readonly repositoryId: string; readonly generation: number } | null> {
  const rows = await db.query<{ repositoryId: string; generation: number }[]>(
    'SELECT repository_id AS "repositoryId", settings_generation AS generation FROM project WHERE id = $1',
    [projectId],
  );
  return rows[0] ?? null;
}

/** Says that the settings of a number are planned: a change that came meanwhile stays to be planned. */
export async function settingsPlanned(db: EntityManager, projectId: string, generation: number): Promise<void> {
  await db.query('UPDATE project SET planned_generation = greatest(planned_generation, $2) WHERE id = $1', [
    projectId,
    generation,
  ]);
}
