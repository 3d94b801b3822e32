/** git is not there, or too old: merges without a working tree (`merge-tree --write-tree`) came with 2.38. */
export class GitMissingError extends Error {
  readonly code = 'git_missing';
  readonly retryable = false;

  constructor(binary: string, found: string, cause?: unknown) {
    super(`The simulator needs git 2.38 or newer, and "${binary}" ${found}. Install git, or set GIT_BINARY.`, {
      cause,
    });
  }
}
