import { CodedError } from '@reunite/contracts';

export class FolderMissingError extends CodedError {
  readonly code = 'folder-missing';

  constructor(folder: string, commit: string) {
    super(`There is no folder "${folder}" at ${commit.slice(0, 7)}. Add it, or change the root folder of the project.`);
  }
}
