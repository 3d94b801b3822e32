import { CodedError } from '@reunite/contracts/errors';
import type { Failure, FailureCode, Problem } from './problem.js';

/**
 * The site was not built: it exceeds a limit, or none of its pages could be built. `code` and message are those of the
 * first error; `problems` contains all errors and warnings. Not retryable: the same snapshot fails again.
 */
export class BuildFailedError extends CodedError {
  readonly code: FailureCode;

  constructor(
    first: Failure,
    readonly problems: readonly Problem[],
  ) {
    super(describe(first, problems.filter((problem) => problem.severity === 'error').length - 1));
    this.code = first.code;
  }
}

function describe({ file, line, message }: Failure, others: number): string {
  const place = file === undefined ? '' : line === undefined ? `${file}: ` : `${file}:${line}: `;
  return `${place}${message}${others > 0 ? ` (and ${others} more)` : ''}`;
}
