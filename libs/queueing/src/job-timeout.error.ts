import { CodedError } from '@reunite/contracts';

/** Nobody answered in time; the job may still run. */
export class JobTimeoutError extends CodedError {
  readonly code = 'job-timeout';
  readonly retryable = true;

  constructor(job: string, timeoutMs: number, cause?: unknown) {
    super(`No answer to "${job}" within ${timeoutMs / 1000} s. Try again; if it stays so, check that a worker runs.`, {
      cause,
    });
  }
}
