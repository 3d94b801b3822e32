import type { DeploymentState } from '@reunite/contracts';
import type { FindOptionsWhere } from 'typeorm';
import { endChecks } from './deployment-checks.js';
import { DeploymentEntity } from './deployment.entity.js';
import { announceDeployment, report } from './report-deployment.js';
import type { Reporting } from './report-deployment.js';

/** The states in which somebody may still build. */
export const openStates = ['queued', 'in_progress'] as const satisfies readonly DeploymentState[];

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
  for (const deployment of ended) {
    const finishedAt = deployment.finishedAt ?? new Date();
    await db.update(DeploymentEntity, deployment.id, { state, reason, current: false, finishedAt });
    if (deployment.finishedAt === null) await report(reporting, deployment, 'error', reason);
    await endChecks(reporting, deployment, reason);
    await announceDeployment(reporting, deployment.id);
  }
  return ended.map(({ id }) => id);
}
