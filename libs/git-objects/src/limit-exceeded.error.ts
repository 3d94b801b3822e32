import { CodedError } from '@reunite/contracts/errors';

/** Which limit was passed; the configuration of the worker names its settings after these. */
export type LimitCode =
  | 'pack-too-large'
  | 'object-too-large'
  | 'inflated-too-large'
  | 'too-many-objects'
  | 'delta-chain-too-deep'
  | 'tree-too-deep'
  | 'too-many-entries';

/** Content that is well formed and larger than this installation allows. The message says what to change. */
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
