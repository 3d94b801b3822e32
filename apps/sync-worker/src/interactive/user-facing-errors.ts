import { CodedError, isCoded, NotFoundError } from '@reunite/contracts';
import type { JobDefinition } from '@reunite/contracts';
import { GhesError } from '@reunite/ghes-client';
import type { GhesErrorCode } from '@reunite/ghes-client';
import type { JobHandler } from '@reunite/queueing';
import { VaultError } from '@reunite/vault-client';
import { userMessage } from './user-message.js';

/** An error of the server with a message for the caller who waits. */
class UserFacingGhesError extends CodedError {
  readonly code: GhesErrorCode;

  constructor(cause: GhesError) {
    super(userMessage(cause), { cause });
    this.code = cause.code;
  }
}

/**
 * Makes the errors of an interactive job user-facing, and drops their retry time: a rate limit would delay the job
 * until long after the caller has left.
 *
 * @param notFound message for a 404 of the server
 */
export function withUserFacingErrors<J extends JobDefinition>(
  handler: JobHandler<J>,
  notFound = 'The server has no such pull request, or the app cannot see it.',
): JobHandler<J> {
  return {
    handle: async (payload, run) => {
      try {
        return await handler.handle(payload, run);
      } catch (error) {
        throw userFacingError(error, notFound);
      }
    },
  };
}

function userFacingError(error: unknown, notFound: string): unknown {
  if (!isCoded(error)) return error;
  // The vault asks for tokens only: then the app or its installation is gone, not the thing that was asked for.
  if (error.code === 'ghes-not-found') {
    return new NotFoundError(error instanceof VaultError ? error.message : notFound, { cause: error });
  }
  return error instanceof GhesError ? new UserFacingGhesError(error) : error;
}
