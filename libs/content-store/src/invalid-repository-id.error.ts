/** Repository ids become folder names, so nothing but our own form of id gets that far. */
export class InvalidRepositoryIdError extends Error {
  override readonly name = 'InvalidRepositoryIdError';
  readonly code = 'invalid-repository-id';
  readonly retryable = false;

  constructor(repositoryId: string) {
    super(`${JSON.stringify(repositoryId.slice(0, 60))} is not a repository id: a-z, 0-9 and _ only, 100 at most.`);
  }
}
