import { CodedError } from '@reunite/contracts';

/** A data key was wrapped by another key, or for somebody else, or its KEK is destroyed: it never unwraps here. */
export class WrongKekError extends CodedError {
  readonly code = 'kek-wrong';
}
