import { newId, NotFoundError } from '@reunite/contracts';
import type { commitJobs, ResultOf } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';
import type { UploadReference } from './upload.js';

/** One file of a commit, at its path in the repository. */
export interface RequestedChange {
  readonly action: 'write' | 'delete' | 'rename' | 'chmod';
  readonly path: string;
  /** The previous path of a renamed file; null otherwise. */
  readonly from: string | null;
  /** null if the content is unchanged or an upload, or the file is deleted. */
  readonly content: Buffer | null;
  /** The upload that has the content; null if `content` has it, or if it is unchanged. */
  readonly upload: UploadReference | null;
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
  for (const [sequence, { action, path, from, content, executable, upload }] of changes.entries()) {
    await db.query(
      `INSERT INTO commit_request_file
         (request_id, sequence, action, path, from_path, content, executable, upload_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, sequence, action, path, from, content, executable, upload?.id ?? null],
    );
  }
  return id;
}

type StoredChange = Omit<RequestedChange, 'upload'> & {
  readonly uploadId: string | null;
  readonly size: string | null;
  readonly blobId: string | null;
};

/**
 * Returns null if the request was deleted with its repository.
 *
 * @throws NotFoundError if an upload was deleted
 */
export async function readCommitRequest(db: EntityManager, id: string): Promise<StoredCommitRequest | null> {
  const [request] = await db.query<Omit<StoredCommitRequest, 'changes'>[]>(
    `SELECT repository_id AS "repositoryId", branch, new_branch AS "newBranch", expected_head AS "expectedHead", message, result,
       begun_at IS NOT NULL AS begun
     FROM commit_request WHERE id = $1`,
    [id],
  );
  if (!request) return null;
  const changes = await db.query<StoredChange[]>(
    `SELECT action, path, from_path AS "from", content, executable, upload_id AS "uploadId", size, blob_id AS "blobId"
     FROM commit_request_file LEFT JOIN upload ON upload.id = upload_id
     WHERE request_id = $1 ORDER BY sequence`,
    [id],
  );
  return {
    ...request,
    changes: changes.map(({ uploadId, size, blobId, ...change }) => ({
      ...change,
      upload: uploadId === null ? null : existingUpload(change.path, { id: uploadId, size: Number(size), blobId }),
    })),
  };
}

function existingUpload(
  path: string,
  { blobId, ...upload }: Omit<UploadReference, 'blobId'> & { readonly blobId: string | null },
): UploadReference {
  if (blobId === null) throw new NotFoundError(`The upload of ${path} no longer exists. Upload the file again.`);
  return { ...upload, blobId };
}

/** Marks a request as begun, before anything is written to the server. */
export async function beginCommitRequest(db: EntityManager, id: string): Promise<void> {
  await db.query('UPDATE commit_request SET begun_at = coalesce(begun_at, now()) WHERE id = $1', [id]);
}

/** Stores the result of a request and deletes its files, and the uploads that are now in a commit. */
export async function endCommitRequest(db: EntityManager, id: string, result: CommitResult | null): Promise<void> {
  await db.query('UPDATE commit_request SET result = $2 WHERE id = $1', [id, result && JSON.stringify(result)]);
  if (result?.outcome === 'made') {
    await db.query('DELETE FROM upload WHERE id IN (SELECT upload_id FROM commit_request_file WHERE request_id = $1)', [
      id,
    ]);
  }
  await db.query('DELETE FROM commit_request_file WHERE request_id = $1', [id]);
}

/** Deletes requests older than a day, with the files of those that never ran. */
export async function deleteOldCommitRequests(db: EntityManager): Promise<void> {
  await db.query(`DELETE FROM commit_request WHERE created_at < now() - interval '1 day'`);
}
