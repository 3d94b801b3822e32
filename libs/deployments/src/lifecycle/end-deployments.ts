import type { FindOptionsWhere } from 'typeorm';
import { endChecks } from '../checks/deployment-checks.js';
import { DeploymentEntity } from './deployment.entity.js';
import { announceDeployment, reportEnded } from '../statuses/report-deployment.js';
import type { Reporting } from '../statuses/report-deployment.js';

/**
 * Ends deployments of a project; a status that was still pending gets its last word. The caller holds the project's row.
 *
 * @returns their ids
 */
export async function endDeployments(
  reporting: Reporting,
  which: FindOptionsWhere<DeploymentEntity>,
  { state, reason }: { readonly state: 'skipped' | 'removed'; readonly reason: string },
): Promise<string[]> {
  const { db, project } = reporting;
  const ended = await db.find(DeploymentEntity, {
    where: { ...which, projectId: project.id },
    order: { id: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  // All of them before the first word: none may speak for another one that ends with it.
  for (const deployment of ended) {
    const finishedAt = deployment.finishedAt ?? new Date();
    await db.update(DeploymentEntity, deployment.id, { state, reason, current: false, finishedAt });
  }
  for (const deployment of ended) {
    if (deployment.finishedAt === null) await reportEnded(reporting, deployment, reason);
    await endChecks(reporting, deployment, reason);
    await announceDeployment(reporting, deployment.id);
  }
  return ended.map(({ id }) => id);
}
