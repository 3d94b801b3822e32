import { CodedError } from '@reunite/contracts';
import { refusals } from './refusals.rules.js';
import type { Refusal } from './refusals.rules.js';

/** A request is not accepted; `code` says how it is answered and counted. */
export class RefusedError extends CodedError {
  constructor(
    readonly code: Refusal,
    options?: ErrorOptions,
  ) {
    super(refusals[code].title, options);
  }
}
