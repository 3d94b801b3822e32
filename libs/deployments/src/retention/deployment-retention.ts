import { In } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { publishDeployment } from '../lifecycle/deployment-events.js';
import { DeploymentEntity } from '../lifecycle/deployment.entity.js';
import { lockProject } from '../project/lock-project.js';

export interface RetentionSettings {
  /** Age in days at which every preview expires, including the newest one of a branch. */
  readonly previewDays: number;
  /** Age in days at which a preview expires that is not the newest one of its branch. */
  readonly supersededPreviewDays: number;
  /** Number of the newest successful production deployments kept for a rollback. The current one is always kept. */
  readonly productions: number;
}

interface Expired {
  readonly id: string;
  readonly projectId: string;
  readonly reason: string;
}

const BATCH = 500;

/** The current production never expires, the current preview of a branch only by `previewDays`. */
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
 * Expires a batch of old deployments. Their rows stay, with the reason, and so do the statuses of their commits.
 *
 * @returns ids of the expired deployments, whose files the caller removes; empty if nothing was left to expire
 */
export async function expireDeployments(db: EntityManager, settings: RetentionSettings): Promise<string[]> {
  const { previewDays, supersededPreviewDays, productions } = settings;
  const expired = await db.query<Expired[]>(EXPIRED, [previewDays, supersededPreviewDays, productions]);
  const removed: string[] = [];
  for (const projectId of new Set(expired.map((deployment) => deployment.projectId))) {
    const ofProject = expired.filter((deployment) => deployment.projectId === projectId);
    removed.push(...(await db.transaction((transaction) => expire(transaction, projectId, ofProject))));
  }
  return removed;
}

/**
 * Deletes log lines and findings of deployments that finished more than `days` ago without success. Their rows stay,
 * with the result and the summaries of the checks.
 */
export async function deleteDetails(db: EntityManager, days: number): Promise<void> {
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

/**
 * A deployment may have been promoted or re-planned since it was selected, so its state is read again under the lock.
 */
async function expire(db: EntityManager, projectId: string, expired: readonly Expired[]): Promise<string[]> {
  const project = await lockProject(db, projectId);
  if (!project) return [];
  const reasons = new Map(expired.map(({ id, reason }) => [id, reason]));
  const deployments = await db.findBy(DeploymentEntity, {
    id: In([...reasons.keys()]),
    state: In(['success', 'failed', 'timed_out']),
  });
  const removed: string[] = [];
  for (const { id, environment, current } of deployments) {
    if (environment === 'production' && current) continue;
    await db.update(DeploymentEntity, id, { state: 'removed', reason: reasons.get(id) ?? null, current: false });
    await publishDeployment(db, project, id);
    removed.push(id);
  }
  return removed;
}
