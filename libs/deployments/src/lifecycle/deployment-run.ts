import type { EntityManager } from 'typeorm';
import { DeploymentLogEntity } from './deployment-log.entity.js';
import { DeploymentEntity } from './deployment.entity.js';
import { ProjectEntity } from '../project/project.entity.js';
import { announceDeployment, isOpen, reportWord } from '../statuses/report-deployment.js';
import type { Reporting } from '../statuses/report-deployment.js';

export interface StartedDeployment {
  readonly deployment: DeploymentEntity;
  readonly project: ProjectEntity;
}

/**
 * Starts a build, or starts it again after its worker died; its log begins anew.
 *
 * @returns null when there is nothing to build any more: superseded, removed or done
 */
export async function startDeployment(db: EntityManager, id: string): Promise<StartedDeployment | null> {
  const deployment = await db.findOne(DeploymentEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!deployment || !isOpen(deployment)) return null;
  const project = await db.findOneByOrFail(ProjectEntity, { id: deployment.projectId });
  await db.delete(DeploymentLogEntity, { deploymentId: id });
  const asked = askedBy(deployment);
  if (asked !== null) {
    // Before the build's own lines, which begin with 1.
    const line = { deploymentId: id, sequence: 0, at: deployment.createdAt, level: 'info', message: asked } as const;
    await db.insert(DeploymentLogEntity, line);
  }
  await db.update(DeploymentEntity, id, {
    state: 'in_progress',
    startedAt: new Date(),
    attempts: deployment.attempts + 1,
  });
  await announceDeployment({ db, project }, id);
  return { deployment, project };
}

/** Who wanted it, and of what, where a person did. */
function askedBy({ trigger, triggeredByName, sourceId }: DeploymentEntity): string | null {
  if (triggeredByName === null || sourceId === null) return null;
  return `${trigger === 'promote' ? 'Promoted to production' : 'Re-deployed'} by ${triggeredByName}, from ${sourceId}`;
}

/** Takes back a start that its worker gave up on purpose, so that it does not count. */
export async function forgetStart(db: EntityManager, id: string): Promise<void> {
  await db.decrement(DeploymentEntity, { id, state: 'in_progress' }, 'attempts', 1);
}

export type BuildOutcome =
  | { readonly state: 'success'; readonly pages: number }
  | { readonly state: 'failed' | 'timed_out'; readonly reason: string };

/**
 * Ends a build. A success becomes what its ref shows, in the same transaction; a build that was superseded or removed
 * meanwhile changes nothing (P7), nor does one that another run has ended.
 *
 * @returns whether the deployment can be seen, or may yet: what was built for any other one may go
 */
export async function finishDeployment(
  db: EntityManager,
  { deployment }: StartedDeployment,
  outcome: BuildOutcome,
  { addresses, statuses }: Pick<Reporting, 'addresses' | 'statuses'>,
): Promise<boolean> {
  const { id, projectId, environment, refName } = deployment;
  // As it is now: its name may have changed while it was built, and with it the contexts of its statuses.
  const project = await db.findOne(ProjectEntity, { where: { id: projectId }, lock: { mode: 'pessimistic_write' } });
  const held = await db.findOneBy(DeploymentEntity, { id });
  if (!project || held?.state !== 'in_progress') return held?.state === 'success';
  const success = outcome.state === 'success';
  if (success) {
    const shown = environment === 'production' ? { projectId, environment } : { projectId, environment, refName };
    await db.update(DeploymentEntity, { ...shown, current: true }, { current: false });
  }
  await db.update(DeploymentEntity, id, {
    state: outcome.state,
    finishedAt: new Date(),
    current: success,
    ...(success ? { pages: outcome.pages, reason: null } : { reason: outcome.reason }),
  });
  await reportWord({ db, project, addresses, statuses }, await db.findOneByOrFail(DeploymentEntity, { id }));
  await announceDeployment({ db, project }, id);
  return true;
}

/** Appends lines to a build's log and tells its readers. Of two runs that write the same line, the first one's stays. */
export async function appendLog(
  db: EntityManager,
  { deployment, project }: StartedDeployment,
  lines: readonly Omit<DeploymentLogEntity, 'deploymentId'>[],
): Promise<void> {
  if (lines.length === 0) return;
  const rows = lines.map((line) => ({ ...line, deploymentId: deployment.id }));
  await db.createQueryBuilder().insert().into(DeploymentLogEntity).values(rows).orIgnore().execute();
  await announceDeployment({ db, project }, deployment.id);
}
