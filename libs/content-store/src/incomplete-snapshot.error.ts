import { CodedError } from '@reunite/contracts/errors';
import type { ObjectId } from '@reunite/git-objects';

/** A pack does not complete the commit's snapshot; nothing was published. Fetch again without `have`. */
export class IncompleteSnapshotError extends CodedError {
  readonly code = 'incomplete-snapshot';

  constructor(
    readonly commit: ObjectId,
    /** The first missing object. */
    readonly missing: ObjectId,
    what: string,
  ) {
    super(
      `The snapshot of commit ${commit} is incomplete: ${what} (${missing}) is missing. Fetch again without \`have\`.`,
    );
  }
}
