import { CodedError } from '@reunite/contracts';

/** A service calls too often; the same call is good in a moment. */
export class CallerLimitedError extends CodedError {
  readonly code = 'caller-limited';

  /** @param refused how many calls of the service were refused since that was last told; 0 until a second has passed */
  constructor(
    message: string,
    readonly refused: number,
  ) {
    super(message);
  }
}
