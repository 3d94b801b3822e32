import { CodedError, isCoded, NotFoundError } from '@reunite/contracts';
import type { JobDefinition } from '@reunite/contracts';
import { GhesError } from '@reunite/ghes-client';
import type { GhesErrorCode } from '@reunite/ghes-client';
import type { JobHandler } from '@reunite/queueing';
import { explain } from './explain.js';

/** An error of the server as a person reads it who waits for an answer now. */
class ServerRefusedError extends CodedError {
  readonly code: GhesErrorCode;

  constructor(cause: GhesError) {
    super(explain(cause), { cause });
    this.code = cause.code;
  }
}

/**
 * What a job fails with for whom somebody waits: with words for people, and at once. A rate limit would put the job off
 * until long after they have left.
 */
export function toldToPeople(error: unknown): unknown {
  if (!isCoded(error)) return error;
  if (error.code === 'ghes-not-found') {
    return new NotFoundError('The server has no such pull request, or the app may not see it.', { cause: error });
  }
  return error instanceof GhesError ? new ServerRefusedError(error) : error;
}

export function telling<J extends JobDefinition>(handler: JobHandler<J>): JobHandler<J> {
  return {
    handle: async (payload, run) => {
      try {
        return await handler.handle(payload, run);
      } catch (error) {
        throw toldToPeople(error);
      }
    },
  };
}
