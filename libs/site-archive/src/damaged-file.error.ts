import { CodedError } from '@reunite/contracts/errors';

/** The stored content of a file of a site does not have the hash of the manifest, or is incomplete. */
export class DamagedFileError extends CodedError {
  readonly code = 'corrupt-object';

  constructor(pack: string, path: string) {
    super(`The file ${path} in pack ${pack} is damaged. Deploy the commit again.`);
  }
}
