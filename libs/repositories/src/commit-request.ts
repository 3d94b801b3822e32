import { newId } from '@reunite/contracts';
import type { commitJobs, ResultOf } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';

/** One file of a commit, at its path in the repository. */
export interface RequestedChange {
  readonly action: 'write' | 'delete' | 'rename' | 'chmod';
  readonly path: string;
  /** Where a renamed file was. */
  readonly from: string | null;
  /** null: a renamed file stays as it is. */
  readonly content: Buffer | null;
  /** null: as it was. */
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

export interface HeldCommitRequest extends CommitRequest {
  readonly changes: RequestedChange[];
  /** What became of it, from a run before. */
  readonly result: CommitResult | null;
  /** Whether a run before was about to write it; it may have. */
  readonly begun: boolean;
}

/** Keeps what is to be committed. @returns the id that the job carries */
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
      ...[id, sequence, action, path],
      ...[from, content, executable],
    ]);
  }
  return id;
}

/** null where it is gone: nobody wants it any more. */
export async function readCommitRequest(db: EntityManager, id: string): Promise<HeldCommitRequest | null> {
  const [held] = await db.query<Omit<HeldCommitRequest, 'changes'>[]>(
    `SELECT repository_id AS "repositoryId", branch, new_branch AS "newBranch", expected_head AS "expectedHead", message, result,
       begun_at IS NOT NULL AS begun
     FROM commit_request WHERE id = $1`,
    [id],
  );
  if (!held) return null;
  const changes = await db.query<RequestedChange[]>(
    `SELECT action, path, from_path AS "from", content, executable FROM commit_request_file
     WHERE request_id = $1 ORDER BY sequence`,
    [id],
  );
  return { ...held, changes };
}

/** Notes that a request is about to be written. */
export async function beginCommitRequest(db: EntityManager, id: string): Promise<void> {
  await db.query('UPDATE commit_request SET begun_at = coalesce(begun_at, now()) WHERE id = $1', [id]);
}

/** Keeps what became of a request, and lets go of its files. */
export async function endCommitRequest(db: EntityManager, id: string, result: CommitResult | null): Promise<void> {
  await db.query('UPDATE commit_request SET result = $2 WHERE id = $1', [id, result && JSON.stringify(result)]);
  await db.query('DELETE FROM commit_request_file WHERE request_id = $1', [id]);
}

/** Forgets requests of yesterday, with the files of those that never ran. */
export async function sweepCommitRequests(db: EntityManager): Promise<void> {
  await db.query(`DELETE FROM commit_request WHERE created_at < now() - interval '1 day'`);
}
