/**
 * - `remote_refused`: an `ERR` packet; the same request would be refused again.
 * - `remote_object_missing`: the server does not have, or does not show, a wanted object: the ref has moved. Ask for the refs again.
 * - `remote_failed`: the server gave up half way (side band 3).
 * - `remote_response_malformed`: the answer is cut short or not git's protocol.
 */
export type RemoteGitCode = 'remote_refused' | 'remote_object_missing' | 'remote_failed' | 'remote_response_malformed';

/** The git server answered with an error, or with something that is not an answer. */
export class RemoteGitError extends Error {
  override readonly name = 'RemoteGitError';
  readonly retryable: boolean;

  constructor(
    readonly code: RemoteGitCode,
    message: string,
  ) {
    super(message);
    this.retryable = code === 'remote_failed' || code === 'remote_response_malformed';
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
