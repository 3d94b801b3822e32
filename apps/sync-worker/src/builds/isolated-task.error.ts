import { CodedError } from '@reunite/contracts';
import type { ErrorCode } from '@reunite/contracts';
import type { Problem } from '@reunite/site-builder';

/** An error that a task threw in its isolated process, with its code and message. */
export class IsolatedTaskError extends CodedError {
  constructor(
    message: string,
    readonly code: ErrorCode,
    readonly problems: readonly Problem[],
  ) {
    super(message);
  }
}
