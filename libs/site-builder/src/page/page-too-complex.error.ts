import { CodedError } from '@reunite/contracts/errors';

/** Rendering a page would take too much time or memory for its size. */
export class PageTooComplexError extends CodedError {
  readonly code = 'page-too-complex';
}
