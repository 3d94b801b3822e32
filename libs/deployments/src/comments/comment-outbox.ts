import { jobs } from '@reunite/contracts';
import type { Work } from '@reunite/unit-of-work';
import type { EntityManager } from 'typeorm';
import { claimRevision, releaseRevision } from '../outbox/revision-claims.js';
import type { RevisionClaim, RevisionTable } from '../outbox/revision-claims.js';

/** Identifies the comment of a project on a pull request of its repository. */
export interface CommentKey {
  readonly projectId: string;
  readonly number: number;
}

const TABLE: RevisionTable = { name: 'pull_request_comment', keyColumn: 'number' };

/** A comment that one run brings up to date. */
export interface ClaimedComment extends RevisionClaim {
  /** The server's id; null before it is created. */
  readonly commentId: number | null;
  /** When a run last began to create it: it may exist although its id is unknown. */
  readonly createStartedAt: Date | null;
  /** Hash of the body that the server has; null if unknown. */
  readonly bodyHash: string | null;
}

const OF_KEY = 'project_id = $1 AND number = $2';

/**
 * Marks the comments on the open pull requests of these heads as outdated, and enqueues their update. The caller has
 * locked the project's row.
 */
export async function requestComments(
  { db, afterCommit }: Work,
  project: { readonly id: string; readonly repositoryId: string },
  commits: readonly string[],
): Promise<void> {
  const requested = await db.query<CommentKey[]>(
    `INSERT INTO pull_request_comment AS existing (project_id, number)
     SELECT $1, number FROM pull_request
     WHERE repository_id = $2 AND state = 'open' AND head_commit = ANY($3) ORDER BY number
     ON CONFLICT (project_id, number) DO UPDATE SET revision = existing.revision + 1, changed_at = now()
     RETURNING project_id AS "projectId", number`,
    [project.id, project.repositoryId, commits],
  );
  for (const key of requested) afterCommit.enqueue(jobs.updatePullRequestComment, key);
}

/** See {@link claimRevision}. */
export function claimComment(db: EntityManager, { projectId, number }: CommentKey): Promise<ClaimedComment | null> {
  const columns = 'comment_id::float8 AS "commentId", body_hash AS "bodyHash", create_started_at AS "createStartedAt"';
  return claimRevision(db, TABLE, [projectId, number], columns);
}

/** See {@link releaseRevision}. */
export function releaseComment(db: EntityManager, { projectId, number }: CommentKey, claim: string): Promise<void> {
  return releaseRevision(db, TABLE, [projectId, number], claim);
}

/** Records that a run is about to create the comment, because no known one exists. */
export async function recordCommentCreation(
  db: EntityManager,
  { projectId, number }: CommentKey,
  claim: string,
): Promise<void> {
  await db.query(
    `UPDATE pull_request_comment SET comment_id = NULL, body_hash = NULL, create_started_at = now()
     WHERE ${OF_KEY} AND claim = $3`,
    [projectId, number, claim],
  );
}

/** The result of a run. */
export interface CommentOutcome {
  /** The comment as the server has it now; absent if it is unchanged. */
  readonly written?: { readonly commentId: number; readonly bodyHash: string };
  /** Why it could not be written. */
  readonly problem: string | null;
}

/** Records the outcome of a run. A change that was requested meanwhile stays open. */
export async function settleComment(
  db: EntityManager,
  { projectId, number }: CommentKey,
  { claim, revision }: Pick<ClaimedComment, 'claim' | 'revision'>,
  { written, problem }: CommentOutcome,
): Promise<void> {
  await db.query(
    `UPDATE pull_request_comment SET settled_revision = greatest(settled_revision, $4),
       comment_id = coalesce($5, comment_id), body_hash = coalesce($6, body_hash), problem = $7::text,
       reopenable = $7::text IS NOT NULL
     WHERE ${OF_KEY} AND claim = $3`,
    [projectId, number, claim, revision, written?.commentId ?? null, written?.bodyHash ?? null, problem],
  );
}

/**
 * Reopens the comments that a server rejected while the app was suspended or lacked a permission, unless it still does.
 * Call it whenever the connection works.
 *
 * @param all false to reopen only those of the last hour: nothing changed that explains the rejection
 */
export async function reopenComments({ db, afterCommit }: Work, connectionId: string, all: boolean): Promise<void> {
  const [reopened] = await db.query<[CommentKey[], number]>(
    `UPDATE pull_request_comment rejected SET revision = rejected.revision + 1, reopenable = false
     FROM project JOIN repository ON repository.id = project.repository_id
     JOIN installation ON installation.connection_id = repository.connection_id
       AND installation.id = repository.installation_id
     WHERE rejected.reopenable AND rejected.project_id = project.id AND project.pull_request_comments
       AND repository.connection_id = $1
       AND repository.available AND NOT repository.archived AND NOT installation.suspended
       AND coalesce(installation.permissions ->> 'pull_requests', 'write') = 'write'
       AND ($2 OR rejected.changed_at > now() - interval '1 hour')
     RETURNING rejected.project_id AS "projectId", rejected.number`,
    [connectionId, all],
  );
  for (const key of reopened) afterCommit.enqueue(jobs.updatePullRequestComment, key);
}

/** Returns why the comment of a project on a pull request is missing or outdated; null if it is not. */
export async function commentProblem(
  db: Pick<EntityManager, 'query'>,
  { projectId, number }: CommentKey,
): Promise<string | null> {
  const [row] = await db.query<{ problem: string | null }[]>(
    `SELECT problem FROM pull_request_comment JOIN project ON project.id = project_id
     WHERE ${OF_KEY} AND project.pull_request_comments`,
    [projectId, number],
  );
  return row?.problem ?? null;
}
