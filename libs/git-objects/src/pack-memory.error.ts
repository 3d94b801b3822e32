import { CodedError } from '@reunite/contracts/errors';

/** Other packs use the memory for inflated objects. Retry later. */
export class PackMemoryError extends CodedError {
  readonly code = 'pack-memory-busy';

  constructor(readonly limit: number) {
    super(`Other packs use the ${limit} bytes for inflated objects. Retry later.`);
  }
}
