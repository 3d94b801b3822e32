import { CodedError } from '@reunite/contracts';

/** An interactive job had no result in time; it may still run. */
export class JobTimeoutError extends CodedError {
  readonly code = 'job-timeout';

  constructor(job: string, timeoutMs: number, cause?: unknown) {
    super(
      `No result of "${job}" within ${timeoutMs / 1000} s. Try again; if this persists, check that a worker is running.`,
      {
        cause,
      },
    );
  }
}
