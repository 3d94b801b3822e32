import { CodedError, newId, NotFoundError } from '@reunite/contracts';
import type { EntityManager } from 'typeorm';

/** An uploaded file that a change refers to. */
export interface UploadReference {
  readonly id: string;
  /** In bytes. */
  readonly size: number;
  /** Id of the file as a git object. */
  readonly blobId: string;
}

/** Only this caller can use an upload, and only for this project. */
export interface UploadOwner {
  readonly organizationId: string;
  readonly projectId: string;
  readonly subject: string;
}

export interface UploadLimits {
  /** Of one upload. */
  readonly bytes: number;
  /** Of all uploads of an organization that exist at the same time. */
  readonly organizationBytes: number;
  /** An upload that is in no commit by then is deleted. */
  readonly lifetimeSeconds: number;
}

/** Small uploads count as this many bytes, which limits their number. */
const MIN_COUNTED_BYTES = 65_536;

/** Lifetime of an upload from the moment when a commit refers to it, in seconds; the commit is made within 30 s. */
const CLAIMED_SECONDS = 600;

const DELETE_BATCH = 500;

export class UploadTooLargeError extends CodedError {
  readonly code = 'body-too-large';

  constructor(size: number, limit: number) {
    super(`The file has ${size} bytes; the limit is ${limit}. Push larger files with git.`);
  }
}

export class UploadQuotaError extends CodedError {
  readonly code = 'quota-exceeded';

  constructor(limit: number) {
    super(
      `Uploads of your organization that are in no commit yet may have ${limit} bytes in total, which this file would exceed. Commit the files, or wait until they expire.`,
    );
  }
}

/**
 * Reserves the bytes of an upload. Uploads of one organization wait for each other here, so that parallel ones cannot exceed
 * the limit.
 *
 * @param db a transaction
 * @returns the id of the upload
 * @throws UploadTooLargeError, UploadQuotaError
 */
export async function beginUpload(
  db: EntityManager,
  { organizationId, projectId, subject }: UploadOwner,
  size: number,
  limits: UploadLimits,
): Promise<string> {
  if (size > limits.bytes) throw new UploadTooLargeError(size, limits.bytes);
  await db.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`uploads ${organizationId}`]);
  const [stored] = await db.query<{ bytes: string }[]>(
    'SELECT coalesce(sum(greatest(size, $2)), 0) AS bytes FROM upload WHERE organization_id = $1',
    [organizationId, MIN_COUNTED_BYTES],
  );
  if (Number(stored?.bytes) + Math.max(size, MIN_COUNTED_BYTES) > limits.organizationBytes) {
    throw new UploadQuotaError(limits.organizationBytes);
  }
  const id = newId('upload');
  await db.query(
    `INSERT INTO upload (id, organization_id, project_id, subject, size, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))`,
    [id, organizationId, projectId, subject, size, limits.lifetimeSeconds],
  );
  return id;
}

/**
 * Completes an upload whose pieces are stored.
 *
 * @returns when it expires
 * @throws NotFoundError if it was deleted with its project
 */
export async function finishUpload(db: EntityManager, id: string, blobId: string): Promise<Date> {
  const [rows] = await db.query<[{ expiresAt: Date }[], number]>(
    'UPDATE upload SET blob_id = $2 WHERE id = $1 RETURNING expires_at AS "expiresAt"',
    [id, blobId],
  );
  const [row] = rows;
  if (!row) throw new NotFoundError('The project was deleted during the upload.');
  return row.expiresAt;
}

/** Saves one piece of an upload. */
export async function saveUploadPiece(db: EntityManager, id: string, sequence: number, content: Buffer): Promise<void> {
  await db.query('INSERT INTO upload_piece (upload_id, sequence, content) VALUES ($1, $2, $3)', [
    id,
    sequence,
    content,
  ]);
}

export async function deleteUpload(db: EntityManager, id: string): Promise<void> {
  await db.query('DELETE FROM upload WHERE id = $1', [id]);
}

type UploadState = 'complete' | 'incomplete' | 'expired';

/** Uploads by id. */
export type ClaimedUploads = ReadonlyMap<string, { readonly state: UploadState; readonly upload: UploadReference }>;

/** The uploads of an owner among `ids`, with their state. Complete ones do not expire before the commit is made. */
export async function claimUploads(
  db: EntityManager,
  { organizationId, projectId, subject }: UploadOwner,
  ids: readonly string[],
): Promise<ClaimedUploads> {
  const where = 'organization_id = $1 AND project_id = $2 AND subject = $3 AND id = ANY($4)';
  const values = [organizationId, projectId, subject, ids];
  await db.query(
    `UPDATE upload SET expires_at = greatest(expires_at, now() + make_interval(secs => $5))
     WHERE ${where} AND blob_id IS NOT NULL AND expires_at > now()`,
    [...values, CLAIMED_SECONDS],
  );
  const rows = await db.query<{ id: string; size: string; blobId: string | null; expired: boolean }[]>(
    `SELECT id, size, blob_id AS "blobId", expires_at <= now() AS expired FROM upload WHERE ${where}`,
    values,
  );
  return new Map(
    rows.map(({ id, size, blobId, expired }) => {
      const state = expired ? 'expired' : blobId === null ? 'incomplete' : 'complete';
      return [id, { state, upload: { id, size: Number(size), blobId: blobId ?? '' } }];
    }),
  );
}

/** Reads the pieces of an upload, one at a time. @throws NotFoundError if it was deleted */
export async function* readUpload(db: EntityManager, { id, size }: UploadReference): AsyncGenerator<Buffer> {
  let read = 0;
  for (let sequence = 0; read < size; sequence += 1) {
    const [piece] = await db.query<{ content: Buffer }[]>(
      'SELECT content FROM upload_piece WHERE upload_id = $1 AND sequence = $2',
      [id, sequence],
    );
    if (!piece) throw new NotFoundError('An upload of this commit no longer exists. Upload the file again.');
    read += piece.content.length;
    yield piece.content;
  }
}

/** Deletes a batch of expired uploads, complete or not. */
export async function deleteExpiredUploads(db: EntityManager): Promise<void> {
  await db.query(
    'DELETE FROM upload WHERE expires_at < now() AND id IN (SELECT id FROM upload WHERE expires_at < now() LIMIT $1)',
    [DELETE_BATCH],
  );
}
