import { CodedError } from '@reunite/contracts';

/** Deleting the branch would close open pull requests, and the request did not confirm that. */
export class PullRequestsOpenError extends CodedError {
  readonly code = 'pull-requests-open';
}
