import { CodedError } from '@reunite/contracts';

/** A service calls too often; the same call is good in a moment. */
export class CallerLimitedError extends CodedError {
  readonly code = 'caller-limited';
  readonly retryable = true;
}
