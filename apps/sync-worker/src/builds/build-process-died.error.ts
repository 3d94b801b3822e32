import { CodedError } from '@reunite/contracts';

/** Something from outside ended the build's process: it is tried again. */
export class BuildProcessDiedError extends CodedError {
  readonly code = 'build-process-died';

  constructor(how: string, stderr: string) {
    super(
      `The build's process ended before the build did (${how}). Deploy again; if it stays so, give the worker more memory.`,
      { cause: stderr },
    );
  }
}
