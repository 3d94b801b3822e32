import type { Problem } from '@reunite/contracts';

/** The API answered with a problem document (RFC 9457). The message is its `detail`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: string;
  readonly status: number;
  readonly retryable: boolean;
  readonly violations: readonly { readonly path: string; readonly message: string }[];
  /** Head of the branch, if a commit was rejected because of it. */
  readonly head: string | undefined;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.code = problem.code;
    this.status = problem.status;
    this.retryable = problem.status >= 500 || problem.status === 429;
    this.violations = problem.violations ?? [];
    this.head = problem.head;
  }
}
