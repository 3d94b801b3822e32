import { CodedError } from '@reunite/contracts/errors';

/** A change would make a path both a file and a folder. */
export class TreeClashError extends CodedError {
  readonly code = 'tree-clash';

  constructor(readonly path: string) {
    super(`${JSON.stringify(path)} would be both a file and a folder.`);
  }
}
