/** A path of a change leads through a file, or would put a file where a folder stands. */
export class TreeClashError extends Error {
  override readonly name = 'TreeClashError';
  readonly code = 'tree-clash';
  readonly retryable = false;

  constructor(readonly path: string) {
    super(`${JSON.stringify(path)} would be a file and a folder at once.`);
  }
}
