import { CodedError } from './coded-error.js';

/** An invalid field of an input, or a file that a commit cannot change. */
export interface InputViolation {
  readonly path: string;
  readonly message: string;
}

/** The input is invalid. `violations` lists the invalid fields. */
export class InvalidInputError extends CodedError {
  readonly code = 'invalid-input';

  constructor(
    message: string,
    readonly violations: readonly InputViolation[] = [],
  ) {
    super(message);
  }
}
