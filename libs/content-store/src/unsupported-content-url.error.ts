import { CodedError } from '@reunite/contracts/errors';

/** The URL of the content store has an unsupported scheme. */
export class UnsupportedContentUrlError extends CodedError {
  readonly code = 'unsupported-content-url';

  constructor(scheme: string) {
    super(`The content store cannot be opened at a ${JSON.stringify(scheme)} address. Use file:///absolute/folder.`);
  }
}
