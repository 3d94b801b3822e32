import { CodedError } from '@reunite/contracts/errors';
import type { ObjectId } from '@reunite/git-objects';

/** A pack does not bring all of a commit's snapshot, and the rest is not held: nothing was published. Fetching once more without `have` brings all of it. */
export class IncompleteSnapshotError extends CodedError {
  readonly code = 'incomplete-snapshot';

  constructor(
    readonly commit: ObjectId,
    /** The first object found missing. */
    readonly missing: ObjectId,
    what: string,
  ) {
    super(
      `The snapshot of commit ${commit} is not whole: ${what} (${missing}) is missing. Fetch again without \`have\`.`,
    );
  }
}
