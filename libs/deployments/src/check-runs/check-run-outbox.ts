import { jobs } from '@reunite/contracts';
import type { Work } from '@reunite/unit-of-work';
import type { EntityManager } from 'typeorm';
import { claimRevision, releaseRevision } from '../outbox/revision-claims.js';
import type { RevisionClaim, RevisionTable } from '../outbox/revision-claims.js';

/** Identifies the check run of a project on a commit of its repository. */
export interface CheckRunKey {
  readonly projectId: string;
  readonly commit: string;
}

const TABLE: RevisionTable = { name: 'check_run', keyColumn: 'commit' };
const OF_CLAIM = 'project_id = $1 AND commit = $2 AND claim = $3';

/** A check run that one run of the job brings up to date. */
export interface ClaimedCheckRun extends RevisionClaim {
  /** Hash of the content that the server has; null if unknown. */
  readonly contentHash: string | null;
}

/** The app may create check runs in the repository `repository.id`. */
const MAY_CREATE = `EXISTS (
  SELECT 1 FROM installation WHERE installation.connection_id = repository.connection_id
    AND installation.id = repository.installation_id AND NOT installation.suspended
    AND installation.permissions ->> 'checks' = 'write'
)`;

/**
 * Marks the check runs of commits as outdated, and enqueues their update, if the server grants the app `checks: write`. The
 * caller has locked the project's row.
 */
export async function requestCheckRuns(
  { db, afterCommit }: Work,
  project: { readonly id: string; readonly repositoryId: string },
  commits: readonly string[],
): Promise<void> {
  const requested = await db.query<CheckRunKey[]>(
    `INSERT INTO check_run AS existing (project_id, commit)
     SELECT $1, commit FROM unnest($3::text[]) AS commit CROSS JOIN repository
     WHERE repository.id = $2 AND ${MAY_CREATE} ORDER BY commit
     ON CONFLICT (project_id, commit) DO UPDATE SET revision = existing.revision + 1, changed_at = now()
     RETURNING project_id AS "projectId", commit`,
    [project.id, project.repositoryId, commits],
  );
  for (const key of requested) afterCommit.enqueue(jobs.updateCheckRun, key);
}

/** See {@link claimRevision}. */
export function claimCheckRun(db: EntityManager, { projectId, commit }: CheckRunKey): Promise<ClaimedCheckRun | null> {
  return claimRevision(db, TABLE, [projectId, commit], 'content_hash AS "contentHash"');
}

/** See {@link releaseRevision}. */
export function releaseCheckRun(db: EntityManager, { projectId, commit }: CheckRunKey, claim: string): Promise<void> {
  return releaseRevision(db, TABLE, [projectId, commit], claim);
}

/** The result of a run of the job. */
export interface CheckRunOutcome {
  /** Hash of the content that the server has now; null if it has none, or an unknown one. */
  readonly contentHash: string | null;
  /** Why it could not be written. */
  readonly problem: string | null;
}

/** Returns why the check run of a commit could not be written; null if it could, or if there is none. */
export async function checkRunProblem(
  db: Pick<EntityManager, 'query'>,
  { projectId, commit }: CheckRunKey,
): Promise<string | null> {
  const [row] = await db.query<{ problem: string | null }[]>(
    'SELECT problem FROM check_run WHERE project_id = $1 AND commit = $2',
    [projectId, commit],
  );
  return row?.problem ?? null;
}

/** Records the outcome of a run. A change that was requested meanwhile stays open. */
export async function settleCheckRun(
  db: EntityManager,
  { projectId, commit }: CheckRunKey,
  { claim, revision }: RevisionClaim,
  { contentHash, problem }: CheckRunOutcome,
): Promise<void> {
  await db.query(
    `UPDATE check_run SET settled_revision = greatest(settled_revision, $4), content_hash = $5, problem = $6::text,
       reopenable = $6::text IS NOT NULL
     WHERE ${OF_CLAIM}`,
    [projectId, commit, claim, revision, contentHash, problem],
  );
}

/**
 * Reopens the check runs that a server rejected while the app was suspended or lacked the permission, unless it still
 * does. Call it whenever the connection works.
 */
export async function reopenCheckRuns({ db, afterCommit }: Work, connectionId: string): Promise<void> {
  const [reopened] = await db.query<[CheckRunKey[], number]>(
    `UPDATE check_run rejected SET revision = rejected.revision + 1, reopenable = false
     FROM project JOIN repository ON repository.id = project.repository_id
     WHERE rejected.reopenable AND rejected.project_id = project.id AND repository.connection_id = $1
       AND repository.available AND NOT repository.archived AND ${MAY_CREATE}
     RETURNING rejected.project_id AS "projectId", rejected.commit`,
    [connectionId],
  );
  for (const key of reopened) afterCommit.enqueue(jobs.updateCheckRun, key);
}

/**
 * Deletes a batch of settled check runs that are older than the retention. A later change of the commit's results creates
 * another one.
 *
 * @returns the number of deleted rows
 */
export async function deleteOldCheckRuns(
  db: EntityManager,
  { days, limit }: { readonly days: number; readonly limit: number },
): Promise<number> {
  const [, deleted] = await db.query<[unknown[], number]>(
    `DELETE FROM check_run WHERE (project_id, commit) IN (
       SELECT project_id, commit FROM check_run
       WHERE changed_at < now() - make_interval(days => $1) AND settled_revision = revision LIMIT $2
     )`,
    [days, limit],
  );
  return deleted;
}
