import { CodedError } from '@reunite/contracts';

/** A service calls too often, or on behalf of one organization too often. The same call succeeds a second later. */
export class CallRateLimitedError extends CodedError {
  readonly code = 'caller-limited';

  /** @param rejected number of rejected calls since the last report; 0 unless this error is a report */
  constructor(
    message: string,
    readonly rejected: number,
  ) {
    super(message);
  }
}
