import { CodedError } from '@reunite/contracts';

/** A branch is not deleted unasked while the server would close pull requests with it. */
export class PullRequestsOpenError extends CodedError {
  readonly code = 'pull-requests-open';
}
