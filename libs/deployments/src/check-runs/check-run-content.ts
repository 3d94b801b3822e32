import { checkNames } from '@reunite/contracts';
import type { CheckName, Finding } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';
import { ProjectEntity } from '../project/project.entity.js';
import type { StatusLinks } from '../statuses/desired-statuses.rules.js';
import { resultsOf } from '../statuses/status-outbox.js';
import type { CheckRunKey } from './check-run-outbox.js';
import { desiredCheckRun, MAX_ANNOTATIONS } from './check-run.rules.js';
import type { DesiredCheckRun } from './check-run.rules.js';

/** The check run of a project on a commit, and what it is about. */
export interface CheckRunReport {
  readonly repositoryId: string;
  /** The page with the log and all findings. */
  readonly detailsUrl: string;
  readonly run: DesiredCheckRun;
}

/**
 * Reads what the check run of a project on a commit shows. The results are those of the commit statuses, so that both
 * agree.
 *
 * @returns null if the project does not check the commit, or while a check runs
 */
export async function readCheckRun(
  db: EntityManager,
  { projectId, commit }: CheckRunKey,
  links: StatusLinks,
): Promise<CheckRunReport | null> {
  const project = await db.findOneBy(ProjectEntity, { id: projectId });
  if (!project) return null;
  const results = (await resultsOf(db, project, commit)).flatMap(({ check, deploymentId, ...result }) => {
    const name = checkNames.find((other) => other === check);
    return name === undefined || deploymentId === null ? [] : [{ ...result, check: name, deploymentId }];
  });
  const [first] = results;
  if (!first) return null;
  const findings = await readFindings(db, results);
  const run = desiredCheckRun({
    projectName: project.name,
    rootFolder: project.rootFolder,
    results,
    findings: findings.slice(0, MAX_ANNOTATIONS),
    moreFindings: findings.length > MAX_ANNOTATIONS,
  });
  return run && { repositoryId: project.repositoryId, detailsUrl: links.deploymentPage(first.deploymentId), run };
}

/** One more than fit into a check run: those that are not new last, and errors first. */
async function readFindings(
  db: EntityManager,
  results: readonly { readonly check: CheckName; readonly deploymentId: string }[],
): Promise<Finding[]> {
  return db.query(
    `SELECT severity, rule, message, file, line, column_number AS "column" FROM deployment_finding
     WHERE (deployment_id, name) IN (SELECT * FROM unnest($1::text[], $2::text[]))
     ORDER BY is_new IS FALSE, severity <> 'error', name, sequence LIMIT $3`,
    [results.map(({ deploymentId }) => deploymentId), results.map(({ check }) => check), MAX_ANNOTATIONS + 1],
  );
}
