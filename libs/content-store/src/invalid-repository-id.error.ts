import { CodedError } from '@reunite/contracts/errors';

/** Repository ids become folder names, so only generated ids are valid. */
export class InvalidRepositoryIdError extends CodedError {
  readonly code = 'invalid-repository-id';

  constructor(repositoryId: string) {
    super(`${JSON.stringify(repositoryId.slice(0, 60))} is not a repository id: a-z, 0-9 and _ only, 100 at most.`);
  }
}
