import { CodedError } from './coded-error.js';

export interface InputFault {
  readonly path: string;
  readonly message: string;
}

/** The input was understood and cannot be accepted; `faults` name each field. */
export class InvalidInputError extends CodedError {
  readonly code = 'invalid-input';

  constructor(
    message: string,
    readonly faults: readonly InputFault[] = [],
  ) {
    super(message);
  }
}
