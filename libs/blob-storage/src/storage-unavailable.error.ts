import { CodedError } from '@reunite/contracts/errors';

/** The storage does not answer, or answers with an error that may pass. */
export class StorageUnavailableError extends CodedError {
  readonly code = 'storage-unavailable';
}
