import type { S3Location } from './s3-location.js';
import { StorageAccessError } from './storage-access.error.js';
import { StorageUnavailableError } from './storage-unavailable.error.js';

/** The permission that each operation needs: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
const PERMISSIONS = {
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  PutObject: 's3:PutObject',
  DeleteObject: 's3:DeleteObject',
  DeleteObjects: 's3:DeleteObject',
  ListObjectsV2: 's3:ListBucket',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
} as const;

export type S3Operation = keyof typeof PERMISSIONS;

/** The object of a conditional write exists. */
export const PRECONDITION_FAILED = 412;
/** The object ends before the range. */
export const RANGE_NOT_SATISFIABLE = 416;

interface S3Failure {
  readonly name?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** HTTP status of an error of the SDK; undefined if S3 did not answer. */
export function statusOf(error: unknown): number | undefined {
  return (error as S3Failure | null)?.$metadata?.httpStatusCode;
}

/** True if the object does not exist. A missing bucket has the same status, but another name. */
export function isMissing(error: unknown): boolean {
  const { name } = error as S3Failure;
  return name === 'NoSuchKey' || name === 'NotFound';
}

/** True for an answer that callers ask for: the object is missing, exists, or ends before the range. */
export function isAnswer(error: unknown): boolean {
  return isMissing(error) || [PRECONDITION_FAILED, RANGE_NOT_SATISFIABLE].includes(statusOf(error) ?? 0);
}

/** Describes a failure by what an operator can do about it. */
export function storageError(error: unknown, { bucket, prefix }: S3Location, operation: S3Operation): Error {
  const { name = 'Error', message = '' } = error as S3Failure;
  const status = statusOf(error);
  const what = `The bucket ${bucket} rejected ${operation} below "${prefix}" (${name})`;
  if (name === 'NoSuchBucket') {
    return new StorageAccessError(`The bucket ${bucket} does not exist at this endpoint and region.`, { cause: error });
  }
  if (name === 'CredentialsProviderError') {
    return new StorageAccessError(`No credentials for the bucket ${bucket} were found: ${message}`, { cause: error });
  }
  if (status === 401 || status === 403) {
    const check = `Check the credentials and that they allow ${PERMISSIONS[operation]}`;
    return new StorageAccessError(`${what}. ${check}.`, { cause: error });
  }
  if (status === 301 || status === 400 || status === 405) {
    return new StorageAccessError(`${what}: ${message}. Check the region and the endpoint.`, { cause: error });
  }
  return new StorageUnavailableError(`${operation} in the bucket ${bucket} failed (${name}): ${message}`, {
    cause: error,
  });
}
