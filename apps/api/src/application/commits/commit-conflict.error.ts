import { CodedError } from '@reunite/contracts';
import type { InputFault } from '@reunite/contracts';

/**
 * The branch moved on to `head` since the changes were begun, and nothing was written; `faults` name the files that differ
 * there. Who commits over these expects that head: what comes after it is another conflict.
 */
export class CommitConflictError extends CodedError {
  readonly code = 'commit-conflict';
  readonly faults: readonly InputFault[];

  constructor(
    branch: string,
    readonly head: string,
    files: readonly string[],
  ) {
    const moved = `Nothing was committed: "${branch}" has moved on to ${head} since you began.`;
    super(
      files.length > 0
        ? `${moved} Changed there too: ${files.slice(0, 10).join(', ')}${files.length > 10 ? ' and more' : ''}.`
        : `${moved} None of your files changed there: commit again with that expected head.`,
    );
    this.faults = files.map((path) => ({ path, message: 'It was changed on the branch too.' }));
  }
}
