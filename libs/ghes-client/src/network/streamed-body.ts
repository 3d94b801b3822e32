/**
 * The body of a request that is produced while it is sent. A class, because Octokit turns plain objects into JSON; each
 * attempt opens the body again.
 */
export class StreamedBody {
  /**
   * @param length in bytes; a body of another length fails the request
   * @param open returns the body from its start
   */
  constructor(
    readonly length: number,
    readonly open: () => AsyncIterable<Buffer>,
  ) {}
}
