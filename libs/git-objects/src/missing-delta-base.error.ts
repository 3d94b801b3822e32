import { CodedError } from '@reunite/contracts/errors';
import type { ObjectId } from './object.js';

/** A thin pack contains a delta whose base is not stored. Fetch again without `have` for a self-contained pack. */
export class MissingDeltaBaseError extends CodedError {
  readonly code = 'missing-delta-base';

  constructor(readonly baseId: ObjectId) {
    super(`The base ${baseId} of a delta is neither in the pack nor stored. Fetch again without \`have\`.`);
  }
}
