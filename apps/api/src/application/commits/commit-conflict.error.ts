import { CodedError } from '@reunite/contracts';
import type { InputViolation } from '@reunite/contracts';

/**
 * The branch moved to `head` after the expected commit, so nothing was written. `violations` name the requested files
 * that changed on the branch. To overwrite them, the caller sends the commit again with `head` as the expected commit.
 */
export class CommitConflictError extends CodedError {
  readonly code = 'commit-conflict';
  readonly violations: readonly InputViolation[];

  constructor(
    branch: string,
    readonly head: string,
    files: readonly string[],
  ) {
    const moved = `Nothing was committed: "${branch}" has moved to ${head} since you started editing.`;
    super(
      files.length > 0
        ? `${moved} Changed there too: ${files.slice(0, 10).join(', ')}${files.length > 10 ? ' and more' : ''}.`
        : `${moved} None of your files changed there: commit again with that expected head.`,
    );
    this.violations = files.map((path) => ({ path, message: 'Also changed on the branch.' }));
  }
}
