import { CodedError } from '@reunite/contracts/errors';

/** A path of a change leads through a file, or would put a file where a folder stands. */
export class TreeClashError extends CodedError {
  readonly code = 'tree-clash';

  constructor(readonly path: string) {
    super(`${JSON.stringify(path)} would be a file and a folder at once.`);
  }
}
