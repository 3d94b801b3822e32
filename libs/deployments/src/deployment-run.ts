import { publishLiveEvent } from '@reunite/database';
import type { EntityManager } from 'typeorm';
import { DeploymentLogEntity } from './deployment-log.entity.js';
import { DeploymentEntity } from './deployment.entity.js';
import { ProjectEntity } from './project.entity.js';
import { report } from './report-deployment.js';
import type { Reporting } from './report-deployment.js';

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
  if (!deployment || !['queued', 'in_progress'].includes(deployment.state)) return null;
  const project = await db.findOneByOrFail(ProjectEntity, { id: deployment.projectId });
  await db.delete(DeploymentLogEntity, { deploymentId: id });
  await db.update(DeploymentEntity, id, { state: 'in_progress', startedAt: new Date() });
  await announce(db, project, id);
  return { deployment, project };
}

export type BuildOutcome =
  { readonly state: 'success'; readonly pages: number } | { readonly state: 'failed'; readonly reason: string };

/**
 * Ends a build. A success becomes what its ref shows, in the same transaction; a build that was superseded or removed
 * meanwhile changes nothing (P7), nor does one that another run has ended.
 *
 * @returns whether the deployment can be seen, or may yet: what was built for any other one may go
 */
export async function finishDeployment(
  db: EntityManager,
  { deployment, project }: StartedDeployment,
  outcome: BuildOutcome,
  { addresses, statuses }: Pick<Reporting, 'addresses' | 'statuses'>,
): Promise<boolean> {
  const { id, projectId, environment, refName } = deployment;
  await db.query('SELECT 1 FROM project WHERE id = $1 FOR UPDATE', [projectId]);
  const held = await db.findOneBy(DeploymentEntity, { id });
  if (held?.state !== 'in_progress') return held?.state === 'success';
  const success = outcome.state === 'success';
  if (success)
    await db.update(DeploymentEntity, { projectId, environment, refName, current: true }, { current: false });
  await db.update(DeploymentEntity, id, {
    state: outcome.state,
    finishedAt: new Date(),
    current: success,
    ...(success ? { pages: outcome.pages, reason: null } : { reason: outcome.reason }),
  });
  const said = success ? `${outcome.pages} page${outcome.pages === 1 ? '' : 's'} built` : outcome.reason;
  await report({ db, project, addresses, statuses }, deployment, success ? 'success' : 'failure', said);
  await announce(db, project, id);
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
  await announce(db, project, deployment.id);
}

async function announce(db: EntityManager, project: ProjectEntity, id: string): Promise<void> {
  await publishLiveEvent(db, project.organizationId, { type: 'deployment', id, projectId: project.id });
}
