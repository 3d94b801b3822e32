import { CodedError } from '@reunite/contracts';

/** The data key was wrapped by another key or for another owner, or its KEK is destroyed. It never unwraps here. */
export class WrongKekError extends CodedError {
  readonly code = 'kek-wrong';
}
