/** Git is missing or older than 2.38, which introduced `merge-tree --write-tree`. */
export class GitMissingError extends Error {
  readonly code = 'git-missing';
  readonly retryable = false;

  constructor(binary: string, problem: string, cause?: unknown) {
    super(`The simulator needs git 2.38 or newer, and "${binary}" ${problem}. Install git, or set GIT_BINARY.`, {
      cause,
    });
  }
}
