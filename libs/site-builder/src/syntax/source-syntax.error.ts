import { CodedError } from '@reunite/contracts/errors';

/** A file cannot be parsed. The parser adds the line, counted from 1; the caller adds the file. */
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
