import { CodedError } from '@reunite/contracts';

/** The build's process was killed from outside. The job is retried. */
export class BuildProcessDiedError extends CodedError {
  readonly code = 'build-process-died';

  constructor(how: string, stderr: string) {
    super(
      `The build's process exited before the build finished (${how}). Deploy again; if it happens again, give the worker more memory.`,
      { cause: stderr },
    );
  }
}
