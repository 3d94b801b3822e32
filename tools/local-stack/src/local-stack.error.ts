import { CodedError } from '@reunite/contracts';

/** The stack cannot run as things are; the message says what is in the way and what to do. */
export class LocalStackError extends CodedError {
  readonly code = 'local-stack-cannot-run';
}
