import { CodedError } from '@reunite/contracts/errors';

/**
 * - `remote-rejected`: an `ERR` packet; not retryable.
 * - `remote-object-missing`: the server lacks or hides a wanted object, because the ref has moved. List the refs again.
 * - `remote-failed`: the server aborted the response (side band 3).
 * - `object-format-unsupported`: a repository whose object ids are SHA-256; not retryable.
 * - `remote-response-malformed`: the response is incomplete or not in git's protocol.
 */
export type RemoteGitCode =
  | 'remote-rejected'
  | 'remote-object-missing'
  | 'remote-failed'
  | 'object-format-unsupported'
  | 'remote-response-malformed';

/** The git server answered with an error or an invalid response. */
export class RemoteGitError extends CodedError {
  constructor(
    readonly code: RemoteGitCode,
    message: string,
  ) {
    super(message);
  }
}

const MAX_QUOTED = 500;

/** A server's message for use in ours: one line, at most 500 characters, without control characters. */
export function quoteRemote(text: string): string {
  return text
    .slice(0, MAX_QUOTED)
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
}
