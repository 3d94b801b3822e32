import { newId } from '@reunite/contracts';
import type { commitJobs, ResultOf } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';

/** One file of a commit, at its path in the repository. */
export interface RequestedChange {
  readonly action: 'write' | 'delete' | 'rename' | 'chmod';
  readonly path: string;
  /** The previous path of a renamed file; null otherwise. */
  readonly from: string | null;
  /** null if the content is unchanged or the file is deleted. */
  readonly content: Buffer | null;
  /** null if the mode is unchanged. */
  readonly executable: boolean | null;
}

export interface CommitRequest {
  readonly repositoryId: string;
  readonly branch: string;
  readonly newBranch: boolean;
  readonly expectedHead: string;
  readonly message: string;
}

type CommitResult = ResultOf<typeof commitJobs.makeCommit>;

export interface StoredCommitRequest extends CommitRequest {
  readonly changes: RequestedChange[];
  /** The result of an earlier run, or null. */
  readonly result: CommitResult | null;
  /** Whether an earlier run began to write it, and may have succeeded. */
  readonly begun: boolean;
}

/**
 * Stores a commit request, because its files are too large for a job.
 *
 * @returns its id, for the job
 */
export async function saveCommitRequest(
  db: EntityManager,
  { repositoryId, branch, newBranch, expectedHead, message }: CommitRequest,
  changes: readonly RequestedChange[],
): Promise<string> {
  const id = newId('commitRequest');
  await db.query(
    `INSERT INTO commit_request (id, repository_id, branch, new_branch, expected_head, message)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [id, repositoryId, branch, newBranch, expectedHead, message],
  );
  for (const [sequence, { action, path, from, content, executable }] of changes.entries()) {
    await db.query('INSERT INTO commit_request_file VALUES ($1, $2, $3, $4, $5, $6, $7)', [
      id,
      sequence,
      action,
      path,
      from,
      content,
      executable,
    ]);
  }
  return id;
}

/** Returns null if the request was deleted with its repository. */
export async function readCommitRequest(db: EntityManager, id: string): Promise<StoredCommitRequest | null> {
  const [request] = await db.query<Omit<StoredCommitRequest, 'changes'>[]>(
    `SELECT repository_id AS "repositoryId", branch, new_branch AS "newBranch", expected_head AS "expectedHead", message, result,
       begun_at IS NOT NULL AS begun
     FROM commit_request WHERE id = $1`,
    [id],
  );
  if (!request) return null;
  const changes = await db.query<RequestedChange[]>(
    `SELECT action, path, from_path AS "from", content, executable FROM commit_request_file
     WHERE request_id = $1 ORDER BY sequence`,
    [id],
  );
  return { ...request, changes };
}

/** Marks a request as begun, before anything is written to the server. */
export async function beginCommitRequest(db: EntityManager, id: string): Promise<void> {
  await db.query('UPDATE commit_request SET begun_at = coalesce(begun_at, now()) WHERE id = $1', [id]);
}

/** Stores the result of a request and deletes its files. */
export async function endCommitRequest(db: EntityManager, id: string, result: CommitResult | null): Promise<void> {
  await db.query('UPDATE commit_request SET result = $2 WHERE id = $1', [id, result && JSON.stringify(result)]);
  await db.query('DELETE FROM commit_request_file WHERE request_id = $1', [id]);
}

/** Deletes requests older than a day, with the files of those that never ran. */
export async function deleteOldCommitRequests(db: EntityManager): Promise<void> {
  await db.query(`DELETE FROM commit_request WHERE created_at < now() - interval '1 day'`);
}
