import { CodedError } from '@reunite/contracts/errors';

/** The URL of a storage has an unsupported scheme or option. */
export class UnsupportedStorageUrlError extends CodedError {
  readonly code = 'unsupported-storage-url';

  constructor(problem: string) {
    super(`${problem} Use file:///absolute/folder or s3://bucket/prefix.`);
  }
}
