import type { EntityManager } from 'typeorm';
import { lockProject } from '../project/lock-project.js';
import type { ProjectEntity } from '../project/project.entity.js';
import { DeploymentEntity } from './deployment.entity.js';

/** A deployment whose project is locked. */
export interface LockedDeployment {
  readonly project: ProjectEntity;
  readonly deployment: DeploymentEntity;
}

/**
 * Locks the project of a deployment, and reads both rows under the lock.
 *
 * @returns null if the deployment was deleted with its project
 */
export async function lockDeployment(db: EntityManager, id: string): Promise<LockedDeployment | null> {
  const before = await db.findOneBy(DeploymentEntity, { id });
  const project = before && (await lockProject(db, before.projectId));
  if (!project) return null;
  return { project, deployment: await db.findOneByOrFail(DeploymentEntity, { id }) };
}
