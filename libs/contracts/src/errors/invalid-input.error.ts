import { CodedError } from './coded-error.js';

export interface InputFault {
  readonly path: string;
  readonly message: string;
}

/** The input is not valid; `faults` has the violation of each field. */
export class InvalidInputError extends CodedError {
  readonly code = 'invalid-input';

  constructor(
    message: string,
    readonly faults: readonly InputFault[] = [],
  ) {
    super(message);
  }
}
