/** A Git command failed. */
export class GitError extends Error {
  readonly code = 'git-failed';
  readonly retryable = false;

  constructor(
    readonly args: readonly string[],
    readonly exitCode: number | null,
    readonly stdout: Buffer,
    readonly stderr: string,
  ) {
    super(`git ${args.join(' ')} ended with ${exitCode ?? 'a signal'}: ${stderr.trim()}`);
  }
}
