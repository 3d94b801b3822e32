import { CodedError } from '@reunite/contracts';

export class BuildTimeoutError extends CodedError {
  readonly code = 'build-timeout';

  constructor(what: 'build' | 'check', seconds: number) {
    super(`The ${what} took longer than ${seconds} s and was stopped. Connect a smaller folder, or raise the limit.`);
  }
}
