import type { Problem } from '@reunite/contracts';

/** The API answered with a problem (RFC 9457) instead of what was asked for; the message is its `detail`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly faults: readonly { readonly path: string; readonly message: string }[];
  /** Where a branch stands that a commit was refused for. */
  readonly head: string | undefined;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.code = problem.code;
    this.status = problem.status;
    this.retryable = problem.status >= 500 || problem.status === 429;
    this.faults = problem.faults ?? [];
    this.head = problem.head;
  }
}
