import { CodedError } from '@reunite/contracts';

/** The server of a connection has failed repeatedly; interactive jobs fail at once until it is tried again. */
export class ConnectionPausedError extends CodedError {
  readonly code = 'server-not-answering';

  constructor(since: Date, until: Date) {
    super(
      `The server has not answered since ${since.toISOString()}. It is tried again after ${until.toISOString()}; ` +
        `check that it is running and reachable from here.`,
    );
  }
}
