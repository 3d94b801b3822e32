import { CodedError } from '@reunite/contracts';
import type { Problem } from '@reunite/site-builder';
import type { Failure } from './isolation/tasks.js';

/** What a task threw in its own process, with its code and message. */
export class IsolatedTaskError extends CodedError {
  readonly code: string;
  readonly retryable: boolean;
  readonly problems: readonly Problem[];

  constructor({ code, retryable, message, problems }: Failure & { readonly code: string }) {
    super(message);
    this.code = code;
    this.retryable = retryable;
    this.problems = problems;
  }
}
