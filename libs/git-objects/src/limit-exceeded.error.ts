/** Which limit was passed; the configuration of the worker names its settings after these. */
export type LimitCode =
  | 'pack_too_large'
  | 'object_too_large'
  | 'inflated_too_large'
  | 'too_many_objects'
  | 'delta_chain_too_deep'
  | 'tree_too_deep'
  | 'too_many_entries';

/** Content that is well formed and larger than this installation allows. The message says what to change. */
export class LimitExceededError extends Error {
  override readonly name = 'LimitExceededError';
  readonly retryable = false;

  constructor(
    readonly code: LimitCode,
    /** The limit, in the unit of its code: bytes, objects, entries or levels. */
    readonly limit: number,
    message: string,
  ) {
    super(message);
  }
}
