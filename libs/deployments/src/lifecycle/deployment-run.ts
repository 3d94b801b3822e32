import { checkNames, jobs } from '@reunite/contracts';
import type { CheckName } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';
import { failPendingChecks, recordCheckResult } from '../checks/deployment-checks.js';
import type { CheckResult } from '../checks/deployment-checks.js';
import type { ProjectEntity } from '../project/project.entity.js';
import { updateStatuses } from '../statuses/status-outbox.js';
import type { DeploymentWork } from '../statuses/deployment-unit-of-work.js';
import { publishDeployment } from './deployment-events.js';
import { DeploymentLogEntity } from './deployment-log.entity.js';
import { coveredCommits, isOpen } from './deployment-states.rules.js';
import { DeploymentEntity } from './deployment.entity.js';
import { lockDeployment } from './lock-deployment.js';

/** A deployment that its worker builds now. */
export interface StartedDeployment {
  /** The row before the start: `attempts` is the number of earlier starts. */
  readonly deployment: DeploymentEntity;
  readonly project: ProjectEntity;
}

/** The result of a build, including its link check. */
export type BuildOutcome =
  | {
      readonly state: 'success';
      readonly pages: number;
      /** Total size of the site's files. */
      readonly bytes: number;
      /** Absent for a promotion, which has the checks of its source. */
      readonly links?: CheckResult;
      /** Absent if the lint runs after the build. */
      readonly lint?: CheckResult;
    }
  | {
      readonly state: 'failed' | 'timed_out';
      readonly reason: string;
      /** True if the content caused the failure: the lint then runs, because it reports the cause. */
      readonly lintable?: boolean;
      /** The results of a build that was not published because of its checks. */
      readonly checks?: Readonly<Record<CheckName, CheckResult>>;
    };

/**
 * Starts a build, or starts it again after its worker died, with an empty log.
 *
 * @returns null if there is nothing to build: the deployment was cancelled, removed or finished
 */
export async function startDeployment(work: DeploymentWork, id: string): Promise<StartedDeployment | null> {
  const { db } = work;
  const locked = await lockDeployment(db, id);
  if (!locked || !isOpen(locked.deployment)) return null;
  const { project, deployment } = locked;
  await db.delete(DeploymentLogEntity, { deploymentId: id });
  const message = triggerMessage(deployment);
  if (message !== null) {
    // Before the build's own lines, which begin with 1.
    await db.insert(DeploymentLogEntity, {
      deploymentId: id,
      sequence: 0,
      at: deployment.createdAt,
      level: 'info',
      message,
    });
  }
  const attempts = deployment.attempts + 1;
  await db.update(DeploymentEntity, id, { state: 'in_progress', startedAt: new Date(), attempts });
  await updateStatuses(work, project, coveredCommits(deployment));
  await publishDeployment(db, project, id);
  return { deployment, project };
}

/** True while a deployment is being built: it was neither cancelled nor removed. */
export function isBuilding(db: EntityManager, id: string): Promise<boolean> {
  return db.existsBy(DeploymentEntity, { id, state: 'in_progress' });
}

/** Decrements the attempts of a build that its worker stopped on purpose, e.g. at a shutdown. */
export async function forgetStart(db: EntityManager, id: string): Promise<void> {
  await db.decrement(DeploymentEntity, { id, state: 'in_progress' }, 'attempts', 1);
}

/**
 * Finishes a build. A success becomes current in the same transaction. A build that was cancelled, removed or finished by
 * another run meanwhile changes nothing (P7).
 *
 * @returns false if the built files belong to no deployment that is or can become visible, and may be removed
 */
export async function finishDeployment(work: DeploymentWork, id: string, outcome: BuildOutcome): Promise<boolean> {
  const { db, afterCommit } = work;
  const locked = await lockDeployment(db, id);
  if (locked?.deployment.state !== 'in_progress') return locked?.deployment.state === 'success';
  const { project, deployment } = locked;
  if (outcome.state === 'success') await makeCurrent(db, deployment, outcome);
  else {
    const { state, reason } = outcome;
    await db.update(DeploymentEntity, id, { state, reason, failure: reason, finishedAt: new Date() });
  }
  const lintable = await finishChecksOfBuild(db, id, outcome);
  await updateStatuses(work, project, coveredCommits(deployment));
  await publishDeployment(db, project, id);
  if (lintable) afterCommit.enqueue(jobs.checkDeployment, { deploymentId: id });
  return true;
}

/** Appends lines to a build's log. If two runs write the same line, the first one stays. */
export async function appendLog(
  db: EntityManager,
  { deployment, project }: StartedDeployment,
  lines: readonly Omit<DeploymentLogEntity, 'deploymentId'>[],
): Promise<void> {
  if (lines.length === 0) return;
  const rows = lines.map((line) => ({ ...line, deploymentId: deployment.id }));
  await db.createQueryBuilder().insert().into(DeploymentLogEntity).values(rows).orIgnore().execute();
  await publishDeployment(db, project, deployment.id);
}

async function makeCurrent(
  db: EntityManager,
  { id, projectId, environment, refName }: DeploymentEntity,
  { pages, bytes }: Extract<BuildOutcome, { state: 'success' }>,
): Promise<void> {
  const shown = environment === 'production' ? { projectId, environment } : { projectId, environment, refName };
  await db.update(DeploymentEntity, { ...shown, current: true }, { current: false });
  const result = { pages, artifactBytes: bytes, reason: null } as const;
  await db.update(DeploymentEntity, id, { ...result, state: 'success', current: true, finishedAt: new Date() });
}

/** @returns true if the lint has to run */
async function finishChecksOfBuild(db: EntityManager, id: string, outcome: BuildOutcome): Promise<boolean> {
  if (outcome.state === 'success') {
    if (!outcome.links) return false;
    await recordCheckResult(db, id, 'links', outcome.links);
    if (outcome.lint) await recordCheckResult(db, id, 'lint', outcome.lint);
    return outcome.lint === undefined;
  }
  if (outcome.checks) {
    for (const name of checkNames) await recordCheckResult(db, id, name, outcome.checks[name]);
    return false;
  }
  // After a timeout the lint would most likely time out as well.
  const lintable = outcome.lintable ?? false;
  const unchecked = lintable ? (['links'] as const) : (['links', 'lint'] as const);
  await failPendingChecks(db, [id], 'Not checked: the build failed', unchecked);
  return lintable;
}

/** Names the caller that started the deployment, and its source. */
function triggerMessage({ trigger, triggeredByName, sourceId }: DeploymentEntity): string | null {
  if (triggeredByName === null || sourceId === null) return null;
  return `${trigger === 'promote' ? 'Promoted to production' : 'Re-deployed'} by ${triggeredByName}, from ${sourceId}`;
}
