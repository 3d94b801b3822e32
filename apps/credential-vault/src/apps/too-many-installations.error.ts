import { CodedError } from '@reunite/contracts';

/** The server lists more installations of the app than the bridge supports. */
export class TooManyInstallationsError extends CodedError {
  readonly code = 'too-many-installations';

  constructor(origin: string, limit: number) {
    super(`${origin} lists more than ${limit} installations of the app, which is more than the bridge supports.`);
  }
}
