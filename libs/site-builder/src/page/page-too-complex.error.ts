import { CodedError } from '@reunite/contracts/errors';

/** A page that would cost far more than its size says. The message says why. */
export class PageTooComplexError extends CodedError {
  readonly code = 'page-too-complex';

  constructor(message: string) {
    super(message);
  }
}
