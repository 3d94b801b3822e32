import { CodedError } from '@reunite/contracts/errors';

/** A file that is not what its name says. The caller knows the file; the parser knows the line (from 1). */
export class SourceSyntaxError extends CodedError {
  readonly code = 'source-syntax';

  constructor(
    readonly reason: string,
    readonly line: number | undefined,
    options?: ErrorOptions,
  ) {
    super(line === undefined ? reason : `line ${line}: ${reason}`, options);
  }
}
