/** A page that would cost far more than its size says. The message says why. */
export class PageTooComplexError extends Error {
  readonly code = 'page-too-complex';
  readonly retryable = false;

  constructor(message: string) {
    super(message);
    this.name = 'PageTooComplexError';
  }
}
