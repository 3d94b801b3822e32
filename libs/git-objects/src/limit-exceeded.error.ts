import { CodedError } from '@reunite/contracts/errors';

/** The limit that was exceeded. */
export type LimitCode =
  | 'pack-too-large'
  | 'object-too-large'
  | 'inflated-too-large'
  | 'too-many-objects'
  | 'delta-chain-too-deep'
  | 'tree-too-deep'
  | 'too-many-entries';

/** Content that is valid but larger than allowed. The message contains the remedy. */
export class LimitExceededError extends CodedError {
  constructor(
    readonly code: LimitCode,
    /** The limit, in the unit of its code: bytes, objects, entries or levels. */
    readonly limit: number,
    message: string,
  ) {
    super(message);
  }
}
