import { jobs, newId } from '@reunite/contracts';
import { publishLiveEvent } from '@reunite/database';
import { branchRef, requestSync } from '@reunite/repositories';
import type { Work } from '@reunite/unit-of-work';
import type { EntityManager } from 'typeorm';
import { finalizePendingStatuses } from '../statuses/status-outbox.js';
import { lockProject } from './lock-project.js';
import type { ProjectSettings } from './project-settings.js';
import { ProjectEntity } from './project.entity.js';

/** The values of a new project. */
export interface NewProject extends ProjectSettings {
  readonly organizationId: string;
  readonly repositoryId: string;
}

/**
 * Connects a repository. Its production branch is synced from now on; refs that were synced for other projects are
 * deployed at once, the others after a reconciliation.
 *
 * @returns the project's id
 * @throws QueryFailedError if the organization has a project of this name
 */
export async function createProject({ db, afterCommit }: Work, project: NewProject): Promise<string> {
  const { organizationId, repositoryId, productionBranch } = project;
  const id = newId('project');
  await db.insert(ProjectEntity, { ...project, id });
  const refId = await requestSync(db, { repositoryId, name: branchRef(productionBranch) });
  await publishLiveEvent(db, organizationId, { type: 'project', id, projectId: id });
  afterCommit.enqueue(jobs.syncRef, { refId });
  afterCommit.enqueue(jobs.planProject, { projectId: id });
  afterCommit.enqueue(jobs.reconcileRepository, { repositoryId });
  return id;
}

/**
 * Deletes a project with its deployments, and finalizes its pending statuses. Does nothing if it was deleted before.
 */
export async function deleteProject(work: Work, id: string): Promise<void> {
  const { db } = work;
  const project = await lockProject(db, id);
  if (!project) return;
  await finalizePendingStatuses(work, project, 'The project was deleted');
  await db.delete(ProjectEntity, { id });
  await publishLiveEvent(db, project.organizationId, { type: 'project', id, projectId: id });
}

/** Returns the given ids that belong to existing projects. */
export async function existingProjectIds(
  db: Pick<EntityManager, 'query'>,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ id: string }[]>('SELECT id FROM project WHERE id = ANY($1)', [ids]);
  return new Set(rows.map(({ id }) => id));
}
