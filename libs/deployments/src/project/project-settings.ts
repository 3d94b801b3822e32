import { jobs } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { branchRef, requestSync } from '@reunite/repositories';
import type { Work } from '@reunite/unit-of-work';
import { In } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { coveredCommits, OPEN_STATES } from '../lifecycle/deployment-states.rules.js';
import { DeploymentEntity } from '../lifecycle/deployment.entity.js';
import { commitsWithStatuses, finalizePendingStatuses, updateStatuses } from '../statuses/status-outbox.js';
import type { DeploymentWork } from '../statuses/deployment-unit-of-work.js';
import { ProjectEntity } from './project.entity.js';

export type ProjectSettings = Pick<
  ProjectEntity,
  'name' | 'productionBranch' | 'rootFolder' | 'branchPreviews' | 'pullRequestPreviews' | 'forkPreviews'
> &
  Partial<Pick<ProjectEntity, 'productionCommits' | 'productionChecks' | 'previewChecks' | 'pullRequestComments'>>;

/** Changes a project's settings. Follow-up jobs sync a new production branch and apply the settings to all refs. */
export async function changeProject(work: DeploymentWork, id: string, change: Partial<ProjectSettings>): Promise<void> {
  const { db, afterCommit } = work;
  if (change.productionBranch !== undefined) await syncProductionBranch(work, id, change.productionBranch);
  const before = await db.findOneOrFail(ProjectEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  await db.update(ProjectEntity, id, change);
  await db.query('UPDATE project SET settings_generation = settings_generation + 1, updated_at = now() WHERE id = $1', [
    id,
  ]);
  await closeDeployments(db, before, change);
  const { name = before.name } = change;
  if (name !== before.name) await renameStatuses(work, before, await db.findOneByOrFail(ProjectEntity, { id }));
  await publishLiveEvent(db, before.organizationId, { type: 'project', id, projectId: id });
  afterCommit.enqueue(jobs.planProject, { projectId: id });
}

/** A branch that was never deployed may not be synced. Its ref is locked before the project, as everywhere. */
async function syncProductionBranch({ db, afterCommit }: Work, id: string, productionBranch: string): Promise<void> {
  const project = await db.findOneByOrFail(ProjectEntity, { id });
  if (project.productionBranch === productionBranch) return;
  const { repositoryId } = project;
  const refId = await requestSync(db, { repositoryId, name: branchRef(productionBranch) });
  afterCommit.enqueue(jobs.syncRef, { refId });
}

/** Closes the deployments that plans of their ref must ignore after this change. */
async function closeDeployments(
  db: EntityManager,
  before: ProjectEntity,
  change: Partial<ProjectSettings>,
): Promise<void> {
  const { id: projectId } = before;
  const { rootFolder = before.rootFolder, productionBranch = before.productionBranch } = change;
  if (rootFolder !== before.rootFolder) {
    // All of them were built from another folder.
    await db.update(DeploymentEntity, { projectId }, { closed: true });
  } else if (productionBranch !== before.productionBranch) {
    // The branch may have been the production branch before, and its deployments from then are not current.
    const refName = branchRef(productionBranch);
    await db.update(DeploymentEntity, { projectId, environment: 'production', refName }, { closed: true });
  }
}

/**
 * Moves pending builds to the contexts of the new name; the plan does the same for the heads of refs. Updates the statuses
 * that exist under the new name from an earlier use. Contexts are case-insensitive: after a case-only rename, pending statuses
 * continue under the new name.
 */
async function renameStatuses(work: DeploymentWork, before: ProjectEntity, after: ProjectEntity): Promise<void> {
  const { name } = after;
  if (name.toLowerCase() !== before.name.toLowerCase()) {
    await finalizePendingStatuses(work, before, `The project was renamed to "${name}"`);
  }
  const { id, repositoryId } = before;
  const open = await work.db.findBy(DeploymentEntity, { projectId: id, state: In(OPEN_STATES) });
  await updateStatuses(work, after, [
    ...open.flatMap(coveredCommits),
    ...(await commitsWithStatuses(work.db, { repositoryId, name })),
  ]);
}

/** The generation of a project's settings, which each change increments. Null if the project was deleted. */
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

/** Records that a generation of the settings is planned. Later generations still have to be planned. */
export async function settingsPlanned(db: EntityManager, projectId: string, generation: number): Promise<void> {
  await db.query('UPDATE project SET planned_generation = greatest(planned_generation, $2) WHERE id = $1', [
    projectId,
    generation,
  ]);
}
