import { CodedError } from '@reunite/contracts';

/** A job is declared that nobody would work on: the worker does not start. */
export class MissingHandlerError extends CodedError {
  readonly code = 'missing-job-handler';
  readonly retryable = false;

  constructor(jobs: readonly string[]) {
    super(`No handler is registered for ${jobs.join(', ')}. Every job in libs/contracts needs one in the worker.`);
  }
}
