import { In } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { DeploymentEntity } from '../lifecycle/deployment.entity.js';
import { ProjectEntity } from '../project/project.entity.js';
import { announceDeployment } from '../statuses/report-deployment.js';

export interface RetentionSettings {
  /** Previews older than this go, also the newest one of a branch. */
  readonly previewDays: number;
  /** Of a branch's previews only the newest is kept longer than this. */
  readonly supersededPreviewDays: number;
  /** So many of the newest deployments that succeeded stay for a rollback; the one that production shows stays anyway. */
  readonly productions: number;
}

interface Expired {
  readonly id: string;
  readonly projectId: string;
  readonly reason: string;
}

const BATCH = 500;

/** Finished ones with something to show or to say. The one that is shown now is never asked for, but for a preview's age. */
const EXPIRED = `
  WITH finished AS (
    SELECT id, project_id, environment, current, finished_at < now() - make_interval(days => $1) AS old,
      finished_at < now() - make_interval(days => $2) AS aged,
      row_number() OVER (PARTITION BY project_id, environment, CASE environment WHEN 'preview' THEN ref_name END
        ORDER BY id DESC) AS place
    FROM deployment WHERE finished_at IS NOT NULL
      AND (state = 'success' OR environment = 'preview' AND state IN ('failed', 'timed_out'))
  )
  SELECT id, project_id AS "projectId", CASE
    WHEN environment = 'production' THEN 'Only the newest ' || $3::int || ' deployments are kept for a rollback'
    WHEN old THEN 'Previews are kept for ' || $1::int || ' days'
    ELSE 'Only the newest preview of a branch is kept longer than ' || $2::int || ' days'
  END AS reason
  FROM finished WHERE CASE environment
    WHEN 'production' THEN NOT current AND place > $3::int
    ELSE old OR aged AND NOT current AND place > 1
  END
  ORDER BY project_id, id LIMIT ${BATCH}`;

/**
 * Retires deployments that grew old. Their rows stay, with the reason; a batch at a time.
 *
 * @returns those whose files may go
 */
export async function retireDeployments(db: EntityManager, settings: RetentionSettings): Promise<string[]> {
  const { previewDays, supersededPreviewDays, productions } = settings;
  const expired = await db.query<Expired[]>(EXPIRED, [previewDays, supersededPreviewDays, productions]);
  const retired: string[] = [];
  for (const projectId of new Set(expired.map((one) => one.projectId))) {
    const ofProject = expired.filter((one) => one.projectId === projectId);
    retired.push(...(await db.transaction((held) => retire(held, projectId, ofProject))));
  }
  return retired;
}

/**
 * Removes the log lines and findings of deployments that ended more than `days` ago and show nothing: their rows stay, with
 * the outcome and what the checks came to.
 */
export async function forgetDetails(db: EntityManager, days: number): Promise<void> {
  for (const table of ['deployment_log', 'deployment_finding']) {
    let removed: number;
    do {
      [, removed] = await db.query<[unknown[], number]>(
        `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
           SELECT ${table}.ctid FROM ${table} JOIN deployment ON deployment.id = deployment_id
           WHERE finished_at < now() - make_interval(days => $1) AND state <> 'success' LIMIT ${BATCH}
         ))`,
        [days],
      );
    } while (removed === BATCH);
  }
}

/** Under the project's lock, as everybody who makes one current: what was promoted or planned meanwhile stays. */
async function retire(db: EntityManager, id: string, expired: readonly Expired[]): Promise<string[]> {
  const project = await db.findOne(ProjectEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!project) return [];
  const still = await db.findBy(DeploymentEntity, {
    id: In(expired.map((one) => one.id)),
    state: In(['success', 'failed', 'timed_out']),
  });
  const retired: string[] = [];
  for (const { id: deploymentId, environment, current } of still) {
    const reason = expired.find((one) => one.id === deploymentId)?.reason ?? null;
    if (environment === 'production' && current) continue;
    await db.update(DeploymentEntity, deploymentId, { state: 'removed', reason, current: false });
    await announceDeployment({ db, project }, deploymentId);
    retired.push(deploymentId);
  }
  return retired;
}
