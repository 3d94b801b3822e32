import { publishLiveEvent } from '@reunite/database';
import type { EntityManager } from 'typeorm';
import type { ProjectEntity } from '../project/project.entity.js';

/** Publishes a live event for a deployment that changed, to the users of its organization. */
export function publishDeployment(
  db: EntityManager,
  { id: projectId, organizationId }: Pick<ProjectEntity, 'id' | 'organizationId'>,
  id: string,
): Promise<void> {
  return publishLiveEvent(db, organizationId, { type: 'deployment', id, projectId });
}
