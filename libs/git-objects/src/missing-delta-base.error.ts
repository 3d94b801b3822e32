import { CodedError } from '@reunite/contracts/errors';
import type { ObjectId } from './object.js';

/** A thin pack builds on an object that is not held here. Fetching once more without `have` brings a pack that stands alone. */
export class MissingDeltaBaseError extends CodedError {
  readonly code = 'missing-delta-base';

  constructor(readonly baseId: ObjectId) {
    super(`The pack builds on object ${baseId}, which is neither in it nor held here. Fetch again without \`have\`.`);
  }
}
