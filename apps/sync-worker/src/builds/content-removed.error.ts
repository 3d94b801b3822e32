import { CodedError } from '@reunite/contracts';

export class ContentRemovedError extends CodedError {
  readonly code = 'content-removed';

  constructor(commit: string) {
    super(`The content of ${commit.slice(0, 7)} was removed here and on the server. Deploy another commit.`);
  }
}
