import { CodedError } from '@reunite/contracts';

/** The caller or its organization used up its share; the same call succeeds after `retryAfterSeconds`. */
export class RateLimitedError extends CodedError {
  readonly code = 'rate-limited';

  constructor(
    message: string,
    readonly retryAfterSeconds: number,
  ) {
    super(`${message} Try again in ${retryAfterSeconds} s.`);
  }
}
