import { checkNames } from '@reunite/contracts';
import type { CheckName, Finding } from '@reunite/contracts';
import { In } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { publishDeployment } from '../lifecycle/deployment-events.js';
import { commitsOf, coveredCommits, isOpen } from '../lifecycle/deployment-states.rules.js';
import { DeploymentEntity } from '../lifecycle/deployment.entity.js';
import { lockDeployment } from '../lifecycle/lock-deployment.js';
import { ProjectEntity } from '../project/project.entity.js';
import { updateStatuses } from '../statuses/status-outbox.js';
import type { DeploymentWork } from '../statuses/deployment-unit-of-work.js';
import { summarizeFindings } from './check-summary.rules.js';
import { DeploymentCheckEntity } from './deployment-check.entity.js';
import { DeploymentFindingEntity } from './deployment-finding.entity.js';
import { newFindings } from './new-findings.rules.js';

/** The result of a check. The counts include findings beyond the ones that are kept. */
export interface CheckResult {
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
}

/** A check that its worker runs now. */
export interface StartedCheck {
  readonly deployment: DeploymentEntity;
  readonly project: ProjectEntity;
  /** Number of earlier starts. */
  readonly attempts: number;
}

/** Findings per statement: PostgreSQL takes 65,535 parameters, and a finding has ten. */
const FINDINGS_PER_INSERT = 500;

/** Adds the checks of a new deployment. They start when its build has finished. */
export async function queueChecks(
  db: EntityManager,
  deployment: Pick<DeploymentEntity, 'id' | 'commit' | 'laterCommits'>,
): Promise<void> {
  const check = { deploymentId: deployment.id, state: 'pending', summary: 'Waiting for the build' } as const;
  const commits = commitsOf(deployment);
  await db.insert(
    DeploymentCheckEntity,
    checkNames.map((name) => ({ ...check, name, commits })),
  );
}

/** Copies the finished checks of a deployment to another one that shows the same site. */
export async function copyChecks(
  db: EntityManager,
  from: string,
  to: Pick<DeploymentEntity, 'id' | 'commit' | 'laterCommits'>,
): Promise<void> {
  await db.query(
    `INSERT INTO deployment_check (deployment_id, name, state, summary, errors, warnings, attempts, commits, finished_at)
     SELECT $2, name, state, summary, errors, warnings, attempts, $3::text[], finished_at FROM deployment_check
     WHERE deployment_id = $1 AND state <> 'pending'`,
    [from, to.id, commitsOf(to)],
  );
  await db.query(
    `INSERT INTO deployment_finding (deployment_id, name, sequence, severity, rule, message, file, line, column_number)
     SELECT $2, finding.name, sequence, severity, rule, message, file, line, column_number
     FROM deployment_finding finding JOIN deployment_check USING (deployment_id, name)
     WHERE deployment_id = $1 AND state <> 'pending'`,
    [from, to.id],
  );
}

/**
 * Makes a lint without a result pending again, e.g. one that was dropped when its deployment was superseded.
 *
 * @returns true if it has to run
 */
export async function restartLint(db: EntityManager, deploymentId: string): Promise<boolean> {
  const { affected } = await db.update(
    DeploymentCheckEntity,
    { deploymentId, name: 'lint', state: 'error' },
    { state: 'pending', summary: 'Waiting to be linted again', attempts: 0, finishedAt: null },
  );
  return affected === 1;
}

/**
 * Starts a check of a deployment that is built, or starts it again after its worker died.
 *
 * @returns null if there is nothing to check: the build has not finished, or the check has
 */
export async function startCheck(db: EntityManager, id: string, name: CheckName): Promise<StartedCheck | null> {
  const deployment = await db.findOneBy(DeploymentEntity, { id });
  if (!deployment || isOpen(deployment)) return null;
  const check = await db.findOne(DeploymentCheckEntity, {
    where: { deploymentId: id, name, state: 'pending' },
    lock: { mode: 'pessimistic_write' },
  });
  if (!check) return null;
  await db.increment(DeploymentCheckEntity, { deploymentId: id, name }, 'attempts', 1);
  const project = await db.findOneByOrFail(ProjectEntity, { id: deployment.projectId });
  return { deployment, project, attempts: check.attempts };
}

/** True until a check has a result or was dropped. */
export function isCheckPending(db: EntityManager, deploymentId: string, name: CheckName): Promise<boolean> {
  return db.existsBy(DeploymentCheckEntity, { deploymentId, name, state: 'pending' });
}

/** Finishes a check with its result. A check that was cancelled or finished meanwhile does not change (P7). */
export async function finishCheck(
  work: DeploymentWork,
  deploymentId: string,
  name: CheckName,
  result: CheckResult,
): Promise<void> {
  await changeChecks(work, deploymentId, (db) => recordCheckResult(db, deploymentId, name, result));
}

/** Finishes a check that could not run. A check that was cancelled or finished meanwhile does not change (P7). */
export async function failCheck(
  work: DeploymentWork,
  deploymentId: string,
  name: CheckName,
  reason: string,
): Promise<void> {
  await changeChecks(work, deploymentId, (db) => failPendingChecks(db, [deploymentId], reason, [name]));
}

/** Writes the result of a check, if it is pending. The caller has locked the project and reports the statuses. */
export async function recordCheckResult(
  db: EntityManager,
  deploymentId: string,
  name: CheckName,
  { errors, warnings, findings }: CheckResult,
): Promise<void> {
  const state = errors > 0 ? 'failure' : 'success';
  const summary = summarizeFindings(errors, warnings);
  const production = findings.length === errors + warnings ? await findingsOfProduction(db, deploymentId, name) : null;
  const isNew = production && newFindings(findings, production);
  const count = (severity: Finding['severity']) =>
    isNew && findings.filter((finding, index) => isNew[index] && finding.severity === severity).length;
  const { affected } = await db.update(
    DeploymentCheckEntity,
    { deploymentId, name, state: 'pending' },
    {
      state,
      summary,
      errors,
      warnings,
      newErrors: count('error'),
      newWarnings: count('warning'),
      finishedAt: new Date(),
    },
  );
  if (affected === 0) return;
  const rows = findings.map((finding, sequence) => ({
    ...finding,
    ...{ deploymentId, name, sequence, isNew: isNew?.[sequence] ?? null },
  }));
  for (let start = 0; start < rows.length; start += FINDINGS_PER_INSERT) {
    await db.insert(DeploymentFindingEntity, rows.slice(start, start + FINDINGS_PER_INSERT));
  }
}

/**
 * The findings of a check of current production, which those of a preview are compared with.
 *
 * @returns null if the deployment is no preview, production has no result, or only a part of its findings is stored
 */
async function findingsOfProduction(
  db: EntityManager,
  previewId: string,
  name: CheckName,
): Promise<DeploymentFindingEntity[] | null> {
  const [production] = await db.query<{ id: string; total: number }[]>(
    `SELECT production.id, errors + warnings AS total FROM deployment preview
     JOIN deployment production ON production.project_id = preview.project_id
       AND production.environment = 'production' AND production.current
     JOIN deployment_check ON deployment_check.deployment_id = production.id
     WHERE preview.id = $1 AND preview.environment = 'preview' AND name = $2 AND deployment_check.state IN ('success', 'failure')`,
    [previewId, name],
  );
  if (!production) return null;
  const findings = await db.findBy(DeploymentFindingEntity, { deploymentId: production.id, name });
  return findings.length === production.total ? findings : null;
}

/** Finishes pending checks without a result. The caller has locked the project and reports the statuses. */
export async function failPendingChecks(
  db: EntityManager,
  deploymentIds: readonly string[],
  reason: string,
  names: readonly CheckName[] = checkNames,
): Promise<void> {
  await db.update(
    DeploymentCheckEntity,
    { deploymentId: In(deploymentIds), name: In(names), state: 'pending' },
    { state: 'error', summary: reason, finishedAt: new Date() },
  );
}

async function changeChecks(
  work: DeploymentWork,
  deploymentId: string,
  change: (db: EntityManager) => Promise<void>,
): Promise<void> {
  const { db } = work;
  const locked = await lockDeployment(db, deploymentId);
  if (!locked) return;
  const { project, deployment } = locked;
  await change(db);
  await updateStatuses(work, project, coveredCommits(deployment));
  await publishDeployment(db, project, deploymentId);
}
