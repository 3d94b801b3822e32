import { CodedError } from '@reunite/contracts';

export class BuildMemoryError extends CodedError {
  readonly code = 'build-memory';

  constructor(megabytes: number) {
    super(`The build used more than ${megabytes} MB and was stopped. Connect a smaller folder, or raise the limit.`);
  }
}
