import { checkNames } from '@reunite/contracts';
import type { CheckName, Finding } from '@reunite/contracts';
import { In } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { reportStatus, statusContext } from '../statuses/commit-statuses.js';
import { DeploymentCheckEntity } from './deployment-check.entity.js';
import { DeploymentFindingEntity } from './deployment-finding.entity.js';
import { DeploymentEntity } from '../lifecycle/deployment.entity.js';
import { ProjectEntity } from '../project/project.entity.js';
import type { StartedDeployment } from '../lifecycle/deployment-run.js';
import { announceDeployment, commitsOf, isOpen, standingStates } from '../statuses/report-deployment.js';
import type { Reporting } from '../statuses/report-deployment.js';

/** What a check found; the counts are of all, `findings` is as much as is kept. */
export interface CheckResult {
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
}

type Deployment = Pick<DeploymentEntity, 'id' | 'commit' | 'laterCommits'>;

/** Says of a new deployment that it will be checked. */
export async function queueChecks(reporting: Reporting, deployment: Deployment): Promise<void> {
  const { id: deploymentId } = deployment;
  for (const name of checkNames) {
    const said = { state: 'pending', summary: 'Waiting for the build' } as const;
    const check = { deploymentId, name, ...said, commits: commitsOf(deployment) };
    await reporting.db.insert(DeploymentCheckEntity, check);
    await say(reporting, check);
  }
}

/**
 * Ends the checks of a deployment that have not come to a result, with why: no status stays pending for ever. Where another
 * deployment of the same content was checked, or will be, its word stays the last (P7).
 */
export async function endChecks(
  reporting: Reporting,
  { id }: Pick<DeploymentEntity, 'id'>,
  reason: string,
  names: readonly CheckName[] = checkNames,
): Promise<void> {
  const pending = await reporting.db.find(DeploymentCheckEntity, {
    where: { deploymentId: id, state: 'pending', name: In(names) },
    order: { name: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  for (const { name, commits } of pending) {
    const ended = { deploymentId: id, name, state: 'error', summary: reason } as const;
    await write(reporting, ended);
    for (const commit of commits) {
      const other = await checkedBeside(reporting, ended, commit);
      await say(reporting, { ...ended, ...other, commits: [commit] });
    }
  }
}

/** Writes down what a check found. One that was ended meanwhile stays as it is (P7). */
export async function finishCheck(
  reporting: Reporting,
  { id: deploymentId }: Pick<DeploymentEntity, 'id'>,
  name: CheckName,
  { errors, warnings, findings }: CheckResult,
): Promise<void> {
  const check = await reporting.db.findOne(DeploymentCheckEntity, {
    where: { deploymentId, name, state: 'pending' },
    lock: { mode: 'pessimistic_write' },
  });
  if (!check) return;
  const state = errors > 0 ? 'failure' : 'success';
  const result = { deploymentId, name, state, summary: summaryOf(errors, warnings) } as const;
  await write(reporting, { ...result, errors, warnings });
  await say(reporting, { ...result, commits: check.commits });
  const rows = findings.map((finding, sequence) => ({ ...finding, deploymentId, name, sequence }));
  // PostgreSQL takes 65,535 parameters in one statement.
  for (let at = 0; at < rows.length; at += 500) {
    await reporting.db.insert(DeploymentFindingEntity, rows.slice(at, at + 500));
  }
}

/** Says of a commit that changed nothing what was said of the deployment that stays; what is pending is said later. */
export async function adoptChecks(reporting: Reporting, deploymentId: string, commit: string): Promise<void> {
  const checks = await reporting.db.find(DeploymentCheckEntity, {
    where: { deploymentId },
    order: { name: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  for (const check of checks) {
    if (check.state === 'pending' && !check.commits.includes(commit)) {
      const commits = [...check.commits, commit];
      await reporting.db.update(DeploymentCheckEntity, { deploymentId, name: check.name }, { commits });
    }
    const { name, state, summary } = check;
    await say(reporting, { deploymentId, name, state, summary, commits: [commit] });
  }
}

/** Gives a deployment that shows the site of another one what was found there; the commit's statuses say it already. */
export async function takeChecks(db: EntityManager, from: string, deployment: Deployment): Promise<void> {
  await db.query(
    `INSERT INTO deployment_check (deployment_id, name, state, summary, errors, warnings, attempts, commits, finished_at)
     SELECT $2, name, state, summary, errors, warnings, attempts, $3::text[], finished_at FROM deployment_check
     WHERE deployment_id = $1 AND state <> 'pending'`,
    [from, deployment.id, commitsOf(deployment)],
  );
  await db.query(
    `INSERT INTO deployment_finding (deployment_id, name, sequence, severity, rule, message, file, line, column_number)
     SELECT $2, finding.name, sequence, severity, rule, message, file, line, column_number
     FROM deployment_finding finding JOIN deployment_check USING (deployment_id, name)
     WHERE deployment_id = $1 AND state <> 'pending'`,
    [from, deployment.id],
  );
}

/**
 * The project as it is now, held until the transaction ends: its name may have changed while something ran, and with it
 * the contexts of its statuses.
 */
export async function holdProject(db: EntityManager, id: string): Promise<ProjectEntity | null> {
  return db.findOne(ProjectEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
}

export interface StartedCheck extends StartedDeployment {
  /** How often it was started before. */
  readonly attempts: number;
}

/**
 * Starts the check of a deployment whose build has ended, or starts it again after its worker died.
 *
 * @returns null when there is nothing to check (any more)
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

/** What the newest other deployment of the same content found, or will. */
async function checkedBeside(
  { db, project }: Reporting,
  { deploymentId, name }: Pick<DeploymentCheckEntity, 'deploymentId' | 'name'>,
  commit: string,
): Promise<Pick<DeploymentCheckEntity, 'deploymentId' | 'state' | 'summary'> | undefined> {
  const [other] = await db.query<Pick<DeploymentCheckEntity, 'deploymentId' | 'state' | 'summary'>[]>(
    `SELECT deployment_id AS "deploymentId", deployment_check.state, summary
     FROM deployment JOIN deployment_check ON deployment_id = deployment.id AND name = $2
     WHERE project_id = $1 AND (commit = $3 OR $3 = ANY(later_commits)) AND deployment.id <> $4
       AND tree = (SELECT tree FROM deployment WHERE id = $4)
       AND deployment.state = ANY($5) AND deployment_check.state <> 'error'
     ORDER BY deployment.id DESC LIMIT 1`,
    [project.id, name, commit, deploymentId, standingStates],
  );
  return other;
}

type Result = Pick<DeploymentCheckEntity, 'deploymentId' | 'name' | 'state' | 'summary'>;

async function write(
  { db, project }: Reporting,
  { deploymentId, name, ...result }: Result & Partial<Pick<DeploymentCheckEntity, 'errors' | 'warnings'>>,
): Promise<void> {
  await db.update(DeploymentCheckEntity, { deploymentId, name }, { ...result, finishedAt: new Date() });
  await announceDeployment({ db, project }, deploymentId);
}

async function say(
  { db, project, addresses, statuses }: Reporting,
  { deploymentId, name, state, summary, commits }: Result & Pick<DeploymentCheckEntity, 'commits'>,
): Promise<void> {
  for (const commit of commits) {
    const key = { repositoryId: project.repositoryId, commit, context: statusContext(project.name, name) };
    const targetUrl = addresses.deploymentPage(deploymentId);
    await reportStatus(db, { ...key, state, description: summary, targetUrl });
    statuses.push(key);
  }
}

function summaryOf(errors: number, warnings: number): string {
  const counted = (count: number, what: string) => (count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'}`]);
  return [...counted(errors, 'error'), ...counted(warnings, 'warning')].join(', ') || 'No problems found';
}
