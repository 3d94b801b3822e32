import type { EntityManager } from 'typeorm';
import type { CheckRunKey } from './check-runs/check-run-outbox.js';
import type { CommentKey } from './comments/comment-outbox.js';
import type { CommitStatusKey } from './statuses/status-outbox.js';

interface Overdue {
  /** Age from which work counts as overdue: younger work most likely still has its job. */
  readonly graceSeconds: number;
  readonly limit: number;
}

/** Returns deployments whose build is overdue, production first. */
export async function overdueBuilds(
  db: EntityManager,
  { graceSeconds, limit }: Overdue,
): Promise<{ deploymentId: string; preview: boolean }[]> {
  // Without promotions that wait or are most likely copying their site: a build would publish it twice.
  return db.query(
    `SELECT id AS "deploymentId", environment = 'preview' AS preview FROM deployment
     WHERE state IN ('queued', 'in_progress') AND NOT (state = 'queued' AND trigger = 'promote')
       AND (trigger = 'promote' AND started_at > now() - make_interval(secs => $1)) IS NOT TRUE
       AND created_at < now() - make_interval(secs => $1)
     ORDER BY preview, created_at LIMIT $2`,
    [graceSeconds, limit],
  );
}

/** Returns promoted deployments whose promotion job has not started. */
export async function overduePromotions(
  db: EntityManager,
  { graceSeconds, limit }: Overdue,
): Promise<{ deploymentId: string }[]> {
  return db.query(
    `SELECT id AS "deploymentId" FROM deployment
     WHERE state = 'queued' AND trigger = 'promote' AND created_at < now() - make_interval(secs => $1)
     ORDER BY created_at LIMIT $2`,
    [graceSeconds, limit],
  );
}

/** Returns projects whose current settings are not planned yet. */
export async function overduePlans(
  db: EntityManager,
  { graceSeconds, limit }: Overdue,
): Promise<{ projectId: string }[]> {
  return db.query(
    `SELECT id AS "projectId" FROM project
     WHERE planned_generation < settings_generation AND updated_at < now() - make_interval(secs => $1)
     ORDER BY updated_at LIMIT $2`,
    [graceSeconds, limit],
  );
}

/** Returns finished deployments with a pending check. */
export async function overdueChecks(
  db: EntityManager,
  { graceSeconds, limit }: Overdue,
): Promise<{ deploymentId: string }[]> {
  return db.query(
    `SELECT deployment_id AS "deploymentId" FROM deployment_check JOIN deployment ON deployment.id = deployment_id
     WHERE deployment_check.state = 'pending' AND deployment.state NOT IN ('queued', 'in_progress')
       AND deployment.finished_at < now() - make_interval(secs => $1)
     ORDER BY deployment_check.created_at LIMIT $2`,
    [graceSeconds, limit],
  );
}

/**
 * Returns commits and contexts with unsent statuses: round-robin over repositories in random order, so that an
 * unreachable server cannot starve the others.
 */
export async function overdueStatuses(db: EntityManager, { graceSeconds, limit }: Overdue): Promise<CommitStatusKey[]> {
  return db.query(
    `SELECT repository_id AS "repositoryId", commit, context FROM (
       SELECT DISTINCT repository_id, commit, context FROM commit_status
       WHERE settled_at IS NULL AND created_at < now() - make_interval(secs => $1)
     ) unsent ORDER BY row_number() OVER (PARTITION BY repository_id ORDER BY random()) LIMIT $2`,
    [graceSeconds, limit],
  );
}

/** Returns outdated comments on pull requests that no run brings up to date. */
export async function overdueComments(db: EntityManager, window: Overdue): Promise<CommentKey[]> {
  return overdueRevisions(db, 'pull_request_comment', 'number', window);
}

/** Returns outdated check runs that no run brings up to date. */
export async function overdueCheckRuns(db: EntityManager, window: Overdue): Promise<CheckRunKey[]> {
  return overdueRevisions(db, 'check_run', 'commit', window);
}

/** Round-robin over projects in random order. */
async function overdueRevisions<Key>(
  db: EntityManager,
  table: 'pull_request_comment' | 'check_run',
  keyColumn: 'number' | 'commit',
  { graceSeconds, limit }: Overdue,
): Promise<Key[]> {
  return db.query(
    `SELECT project_id AS "projectId", ${keyColumn} FROM ${table}
     WHERE settled_revision < revision AND changed_at < now() - make_interval(secs => $1)
       AND coalesce(claimed_until < now(), true)
     ORDER BY row_number() OVER (PARTITION BY project_id ORDER BY random()) LIMIT $2`,
    [graceSeconds, limit],
  );
}
