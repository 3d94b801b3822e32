import { CodedError } from '@reunite/contracts/errors';

/** The storage rejects an operation until its configuration is changed. */
export class StorageAccessError extends CodedError {
  readonly code = 'storage-access-denied';
}
