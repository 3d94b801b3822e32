import { CodedError } from '@reunite/contracts/errors';

/** The address of the content store names a kind of storage that there is not. */
export class UnsupportedContentUrlError extends CodedError {
  readonly code = 'unsupported-content-url';

  constructor(scheme: string) {
    super(`The content store cannot be opened at a ${JSON.stringify(scheme)} address. Use file:///absolute/folder.`);
  }
}
