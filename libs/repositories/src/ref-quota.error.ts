import { CodedError } from '@reunite/contracts';

/** A repository has as many branches as may be followed. The reconciliation adds the others once there is room. */
export class RefQuotaError extends CodedError {
  readonly code = 'quota-exceeded';

  constructor(limit: number) {
    super(
      `The repository has ${limit} branches, which is the limit; further ones are not synced. Delete branches on the server, or ask the operator to raise MAX_REFS_PER_REPOSITORY.`,
    );
  }
}
