import { CodedError } from '@reunite/contracts';

export class UnsupportedQueueUrlError extends CodedError {
  readonly code = 'unsupported-queue-url';
  readonly retryable = false;

  constructor(protocol: string) {
    super(`QUEUE_URL starts with ${protocol}//; use postgres://… or redis://… (rediss:// for TLS).`);
  }
}
