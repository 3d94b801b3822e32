import { CodedError } from '@reunite/contracts';

/** The stack cannot run. The message contains the cause and the remedy. */
export class LocalStackError extends CodedError {
  readonly code = 'local-stack-cannot-run';
}
