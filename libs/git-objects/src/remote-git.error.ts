import { CodedError } from '@reunite/contracts/errors';

/**
 * - `remote-refused`: an `ERR` packet; the same request would be refused again.
 * - `remote-object-missing`: the server does not have, or does not show, a wanted object: the ref has moved. Ask for the refs again.
 * - `remote-failed`: the server gave up half way (side band 3).
 * - `remote-response-malformed`: the answer is cut short or not git's protocol.
 */
export type RemoteGitCode = 'remote-refused' | 'remote-object-missing' | 'remote-failed' | 'remote-response-malformed';

/** The git server answered with an error, or with something that is not an answer. */
export class RemoteGitError extends CodedError {
  constructor(
    readonly code: RemoteGitCode,
    message: string,
  ) {
    super(message);
  }
}

const MAX_QUOTED = 500;

/** What a server said, fit for a message of ours: one line, bounded, without control characters. */
export function quoteRemote(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_QUOTED);
}
