import type { EntityManager } from 'typeorm';
import { ProjectEntity } from './project.entity.js';

/**
 * Locks a project until the transaction ends. Every change of its deployments and statuses locks it first, so that they
 * follow one another; rows are locked in the order ref, project, deployment.
 *
 * @returns its current row, or null if it was deleted
 */
export function lockProject(db: EntityManager, id: string): Promise<ProjectEntity | null> {
  return db.findOne(ProjectEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
}
